import { useCallback, useEffect, useMemo, useState } from 'react'
import { createApi, resumeSession } from './api.ts'
import type { Session } from './forms.ts'
import { Shell } from './shell.tsx'
import { SignIn } from './views/sign-in.tsx'

type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signed-out'; readonly notice: string | null }
  | { readonly kind: 'signed-in'; readonly session: Session }

function SignedIn({ session, onSignedOut }: { session: Session; onSignedOut: (notice: string | null) => void }) {
  const api = useMemo(
    () => createApi(session.csrfToken, () => onSignedOut('Your session is over. Sign in again.')),
    [session, onSignedOut],
  )
  const signOut = useCallback(async () => {
    await api.remove('/session').catch(() => {})
    onSignedOut('You are signed out.')
  }, [api, onSignedOut])
  return <Shell api={api} user={session.user} onSignOut={signOut} />
}

/** Signed out or signed in: nothing else is shown before it is known which. */
export function App() {
  const [stage, setStage] = useState<Stage>({ kind: 'starting' })
  const onSignedOut = useCallback((notice: string | null) => setStage({ kind: 'signed-out', notice }), [])

  useEffect(() => {
    let isCurrent = true
    resumeSession()
      .then((session) => {
        if (isCurrent)
          setStage(session === null ? { kind: 'signed-out', notice: null } : { kind: 'signed-in', session })
      })
      .catch(() => {
        if (isCurrent) setStage({ kind: 'signed-out', notice: 'The gateway does not answer. Try again in a moment.' })
      })
    return () => {
      isCurrent = false
    }
  }, [])

  switch (stage.kind) {
    case 'starting':
      return <p className="starting">Loading…</p>
    case 'signed-out':
      return <SignIn notice={stage.notice} onSignedIn={(session) => setStage({ kind: 'signed-in', session })} />
    case 'signed-in':
      return <SignedIn session={stage.session} onSignedOut={onSignedOut} />
  }
}
