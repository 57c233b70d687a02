/** Text with places to fill in: `Matched %{MATCHED_VAR}`. A plain string when there is none. */
export type Macro = string | readonly MacroPart[]

export type MacroPart =
  | string
  /** `%{tx.score}`: collection `TX`, key `score`; `%{REQUEST_METHOD}`: collection `REQUEST_METHOD`, key `null`. */
  | { readonly collection: string; readonly key: string | null }
