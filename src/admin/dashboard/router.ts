import { useSyncExternalStore } from 'react'

export const views = ['overview', 'review', 'held', 'cells', 'profiles', 'detectors', 'tolerances', 'rules'] as const
export type ViewName = (typeof views)[number]

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

function currentView(): ViewName {
  const name = window.location.hash.replace(/^#\//, '')
  return views.find((view) => view === name) ?? 'overview'
}

/** The view that the address names after `#/`. */
export function useView(): ViewName {
  return useSyncExternalStore(subscribe, currentView)
}
