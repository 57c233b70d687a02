import type { FieldLocation } from '../core/finding.ts'
import type { Route } from './route.ts'

/**
 * A node of the tree of known names below one location of one route. `slot` numbers the field that ends here, -1 where
 * none does; `sharedSlot` numbers the same last name at the same location on any route of the service.
 */
export type FieldNode = {
  readonly name: string
  slot: number
  sharedSlot: number
  readonly children: Map<string, FieldNode>
  /** The key under which its parent holds it. */
  readonly key: string
  /** The member that an object began with, and the one that followed this one, when last read: where to look first. */
  first: FieldNode | null
  after: FieldNode | null
  /** Number of the object in which the name was last met: finds duplicate keys without a set. */
  stamp: number
}

/** What is known of routes and fields: names become small numbers once, and are looked up without building strings. */
export type Catalog = {
  /** Known route of a path, or one with id -1 and the template that its segments suggest. Never grows the catalogue. */
  readonly match: (service: string, method: string, path: string) => Route
  /** Root of the known names of one location; `undefined` while nothing is known there. */
  readonly names: (route: Route, location: FieldLocation) => FieldNode | undefined
  /** Slot of a field of a route by its whole name; -1 when self has not shown it. */
  readonly slotOf: (route: Route, location: FieldLocation, name: string) => number
  /** Slot of a name at a location on any route of the service, for names that the route itself has not shown; else -1. */
  readonly sharedSlot: (service: string, location: FieldLocation, name: string) => number
  /** Learns a route; returns it with its id, or with -1 when the catalogue is full. Only admitted traffic may call this. */
  readonly learnRoute: (service: string, method: string, path: string) => Route
  /** Learns a field of a known route; returns its slot or -1 when the route is full. */
  readonly learnField: (route: Route, location: FieldLocation, name: string) => number
  readonly routes: () => readonly Route[]
  /** How many things were not taken in because a cap was reached. */
  readonly dropped: () => number
}
