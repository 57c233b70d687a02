import { useEffect, useId, useRef } from 'react'

export type DialogProps = {
  readonly title: string
  readonly confirm: string
  /** The action cannot be taken back. */
  readonly isGrave?: boolean
  readonly onConfirm: (form: FormData) => void
  readonly onClose: () => void
  readonly children: React.ReactNode
}

/** Asks before something is done. The browser keeps the focus inside and closes on Escape. */
export function Dialog({ title, confirm, isGrave = false, onConfirm, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm(new FormData(event.currentTarget))
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div className="actions actions-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={isGrave ? 'grave' : 'main'}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

export function SelectField(props: {
  readonly label: string
  readonly name: string
  readonly initial: string
  readonly options: readonly (readonly [value: string, text: string])[]
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <select id={id} name={props.name} defaultValue={props.initial}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

export function TextField(props: { readonly label: string; readonly name: string; readonly placeholder?: string }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input id={id} name={props.name} type="text" maxLength={500} placeholder={props.placeholder} autoComplete="off" />
    </div>
  )
}
