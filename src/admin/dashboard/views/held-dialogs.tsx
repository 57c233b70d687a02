import { durations } from '../format.ts'
import { Dialog, SelectField, TextField } from '../parts/dialog.tsx'

type Asked<T> = { readonly clientId: string; readonly onConfirm: (value: T) => void; readonly onClose: () => void }

const longer = [
  [String(durations.hour), '1 hour'],
  [String(6 * durations.hour), '6 hours'],
  [String(durations.day), '1 day'],
] as const

export function ExtendDialog({ clientId, onConfirm, onClose }: Asked<number>) {
  return (
    <Dialog
      title="Hold for longer"
      confirm="Extend"
      onClose={onClose}
      onConfirm={(form) => onConfirm(Number(form.get('byMs')))}
    >
      <p>
        <code>{clientId}</code> stays on its rung for longer than Thymus would keep it.
      </p>
      <SelectField label="How much longer" name="byMs" initial={String(durations.hour)} options={longer} />
    </Dialog>
  )
}

const periods = [
  [String(durations.day), '1 day'],
  [String(7 * durations.day), '7 days'],
  [String(30 * durations.day), '30 days'],
  ['never', 'Until withdrawn'],
] as const

export function ExemptDialog({ clientId, onConfirm, onClose }: Asked<{ ttlMs: number | null; reason?: string }>) {
  return (
    <Dialog
      title="Never hold this client"
      confirm="Exempt"
      onClose={onClose}
      onConfirm={(form) => {
        const ttl = String(form.get('ttl'))
        const reason = String(form.get('reason')).trim()
        onConfirm({ ttlMs: ttl === 'never' ? null : Number(ttl), ...(reason === '' ? {} : { reason }) })
      }}
    >
      <p>
        <code>{clientId}</code> is released and not held again. Single requests that are attacks are still refused.
      </p>
      <SelectField label="For how long" name="ttl" initial={String(7 * durations.day)} options={periods} />
      <TextField label="Reason" name="reason" placeholder="Our own monitor" />
    </Dialog>
  )
}
