/** Result of one decoding step that changed something. `flags` are bits of `fieldFlags`. */
export type Decoded = { readonly text: string; readonly flags: number }
