import { useId, useState } from 'react'
import { countOf, formatCount } from '../format.ts'
import type { Profile } from '../forms.ts'
import { StateBadge } from '../parts/badges.tsx'
import { Empty, Loading, TableFrame, ViewHead } from '../parts/panel.tsx'
import { Segments } from '../parts/segments.tsx'
import { usePolled } from '../polling.ts'
import { useShell } from '../shell-context.ts'

type Filter = Profile['state'] | 'all'
const filters = [
  ['all', 'All'],
  ['mature', 'Mature'],
  ['learning', 'Learning'],
  ['relearning', 'Relearning'],
  ['embryo', 'Embryo'],
] as const
const refreshMs = 5_000
const maxShown = 500

function matches({ field, state }: Profile, filter: Filter, text: string): boolean {
  if (filter !== 'all' && state !== filter) return false
  return `${field.method} ${field.route} ${field.location} ${field.name}`.toLowerCase().includes(text.toLowerCase())
}

function ProfileRow({ profile }: { profile: Profile }) {
  const { field } = profile
  return (
    <tr>
      <th scope="row">
        <code>{field.name || '(whole value)'}</code> <span className="hint">in {field.location}</span>
      </th>
      <td>
        <span className="method">{field.method}</span> {field.route}
      </td>
      <td>
        <StateBadge state={profile.state} />
      </td>
      <td className="number">{formatCount(profile.samples)}</td>
      <td className="number">{formatCount(profile.sources)}</td>
      <td>{profile.types.join(', ') || 'none yet'}</td>
      <td>{profile.missing.length === 0 ? 'nothing' : profile.missing.join('; ')}</td>
    </tr>
  )
}

function ProfileTable({ profiles }: { profiles: readonly Profile[] }) {
  return (
    <TableFrame label="Learned profiles, scrolls sideways">
      <table>
        <caption className="only-heard">What was learned of each field</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Route</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Values
            </th>
            <th scope="col" className="number">
              Sources
            </th>
            <th scope="col">Types</th>
            <th scope="col">Missing</th>
          </tr>
        </thead>
        <tbody>
          {profiles.map((profile) => {
            const { service, method, route, location, name } = profile.field
            return <ProfileRow key={`${service} ${method} ${route} ${location}:${name}`} profile={profile} />
          })}
        </tbody>
      </table>
    </TableFrame>
  )
}

export function Profiles() {
  const { api } = useShell()
  const { data } = usePolled<{ readonly profiles: readonly Profile[] }>(api, `/profiles?limit=${maxShown}`, refreshMs)
  const [filter, setFilter] = useState<Filter>('all')
  const [text, setText] = useState('')
  const id = useId()
  const shown = data?.profiles.filter((profile) => matches(profile, filter, text)) ?? []
  return (
    <>
      <ViewHead
        title="Learned profiles"
        lead="What normal looks like, field by field. A profile acts only when nothing is missing."
      >
        <Segments label="Which profiles to show" value={filter} options={filters} onChange={setFilter} />
      </ViewHead>
      <div className="field field-inline">
        <label htmlFor={id}>Find</label>
        <input
          id={id}
          type="search"
          value={text}
          placeholder="route or field"
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {data === null && <Loading />}
      {data !== null && data.profiles.length === 0 && (
        <Empty title="Nothing is learned yet">Profiles appear after the first ordinary requests have passed.</Empty>
      )}
      {data !== null && data.profiles.length > 0 && shown.length === 0 && (
        <Empty title="No profile matches">Choose another state or a shorter text.</Empty>
      )}
      {shown.length > 0 && (
        <>
          <p className="hint">{countOf(shown.length, 'profile')}</p>
          <ProfileTable profiles={shown} />
        </>
      )}
    </>
  )
}
