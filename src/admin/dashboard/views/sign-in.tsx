import { useId, useState } from 'react'
import { signIn } from '../api.ts'
import type { Session } from '../forms.ts'
import { Logo } from '../parts/badges.tsx'

function useSignIn(onSignedIn: (session: Session) => void) {
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  async function submit(form: FormData): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      onSignedIn(await signIn(String(form.get('user')), String(form.get('password'))))
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown.message : String(thrown))
      setIsBusy(false)
    }
  }
  return { error, isBusy, submit }
}

export function SignIn({ notice, onSignedIn }: { notice: string | null; onSignedIn: (session: Session) => void }) {
  const { error, isBusy, submit } = useSignIn(onSignedIn)
  const id = useId()
  return (
    <main className="sign-in">
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(new FormData(event.currentTarget))
        }}
      >
        <h1 className="brand">
          <Logo /> Thymus
        </h1>
        <p className="lead">Sign in to review findings and release clients.</p>
        {notice !== null && error === null && (
          <p className="banner banner-info" role="status">
            {notice}
          </p>
        )}
        {error !== null && (
          <p className="banner banner-bad" role="alert">
            {error}
          </p>
        )}
        <div className="field">
          <label htmlFor={`${id}-user`}>Name</label>
          <input id={`${id}-user`} name="user" defaultValue="admin" required autoComplete="username" />
        </div>
        <div className="field">
          <label htmlFor={`${id}-password`}>Password</label>
          <input id={`${id}-password`} name="password" type="password" required autoComplete="current-password" />
        </div>
        <button type="submit" className="main" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
        <p className="hint">
          The password was printed at the first start. To set another one, start Thymus with THYMUS_ADMIN_PASSWORD.
        </p>
      </form>
    </main>
  )
}
