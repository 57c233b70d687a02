/** `collection`: members with keys. `scalar`: one member with the key ''. */
export type VariableKind = 'scalar' | 'collection'

/** `message`: `MessageVariables` holds it. `executor`: the run of the rules itself knows it. */
export type VariableSource = 'message' | 'executor'

export type KnownVariable = {
  readonly name: string
  readonly kind: VariableKind
  readonly source: VariableSource
  /** One line for docs/RULES.md. */
  readonly means: string
}

type Row = readonly [name: string, means: string]

const messageScalars: readonly Row[] = [
  ['ARGS_COMBINED_SIZE', 'bytes of all argument names and values together, files left out'],
  ['AUTH_TYPE', 'first word of the Authorization header'],
  ['FILES_COMBINED_SIZE', 'bytes of all uploaded files together'],
  ['FULL_REQUEST', 'request headers and body as one text'],
  ['FULL_REQUEST_LENGTH', 'bytes of FULL_REQUEST'],
  ['INBOUND_DATA_ERROR', '1 when the request body is larger than a limit'],
  ['MULTIPART_BOUNDARY_QUOTED', '1 when the boundary stands in quotes'],
  ['MULTIPART_BOUNDARY_WHITESPACE', '1 when there is white space around the = of the boundary'],
  ['MULTIPART_CRLF_LF_LINES', '1 when CRLF and bare LF are mixed'],
  ['MULTIPART_DATA_AFTER', '1 when there is data after the last boundary'],
  ['MULTIPART_DATA_BEFORE', '1 when there is data before the first boundary'],
  ['MULTIPART_FILE_LIMIT_EXCEEDED', '1 when there are more files than allowed; files are never stored, so never'],
  ['MULTIPART_HEADER_FOLDING', '1 when a part header goes over several lines'],
  ['MULTIPART_INVALID_HEADER_FOLDING', '1 when it is folded with something other than space or tab'],
  ['MULTIPART_INVALID_PART', '1 when a part is not valid'],
  ['MULTIPART_INVALID_QUOTING', '1 when a name or file name is quoted with single quotes, or wrongly'],
  ['MULTIPART_LF_LINE', '1 when a line ends in a bare LF'],
  ['MULTIPART_MISSING_SEMICOLON', '1 when there is no semicolon before the boundary'],
  ['MULTIPART_SEMICOLON_MISSING', 'the same under its older name'],
  ['MULTIPART_STRICT_ERROR', '1 when any of the multipart flags is set, the unmatched boundary left out'],
  ['MULTIPART_UNMATCHED_BOUNDARY', '1: a line looks like a boundary and is none; 2: boundaries matched'],
  ['OUTBOUND_DATA_ERROR', '1 when the response body is larger than the limit'],
  ['PATH_INFO', 'the decoded path, as REQUEST_FILENAME'],
  ['QUERY_STRING', 'what follows the question mark, not decoded'],
  ['REMOTE_ADDR', 'address of the client'],
  ['REMOTE_HOST', 'the same; names are never looked up'],
  ['REMOTE_PORT', 'port of the client; empty, not known here'],
  ['REMOTE_USER', 'user name of Basic authentication'],
  ['REQBODY_ERROR', '1 when the request body could not be read'],
  ['REQBODY_ERROR_MSG', 'why'],
  ['REQBODY_PROCESSOR', 'URLENCODED, MULTIPART, JSON, XML or empty'],
  ['REQBODY_PROCESSOR_ERROR', '1 when the request body is not what its processor reads'],
  ['REQBODY_PROCESSOR_ERROR_MSG', 'why'],
  ['REQUEST_BASENAME', 'what follows the last slash or backslash of REQUEST_FILENAME'],
  ['REQUEST_BODY', 'the request body as it came'],
  ['REQUEST_BODY_LENGTH', 'bytes of it'],
  ['REQUEST_FILENAME', 'the path without the query string, decoded once'],
  ['REQUEST_LINE', 'method, target and protocol'],
  ['REQUEST_METHOD', 'the method'],
  ['REQUEST_PROTOCOL', 'HTTP/1.1'],
  ['REQUEST_URI', 'path and query string without scheme, host and fragment, decoded once'],
  ['REQUEST_URI_RAW', 'the request target as it came'],
  ['RESPONSE_BODY', 'the response body, when its type is looked at'],
  ['RESPONSE_CONTENT_LENGTH', 'bytes of it'],
  ['RESPONSE_CONTENT_TYPE', 'Content-Type of the response without parameters'],
  ['RESPONSE_PROTOCOL', 'protocol of the response'],
  ['RESPONSE_STATUS', 'status code of the response'],
  ['STATUS', 'the same'],
  ['STATUS_LINE', 'the same, as libmodsecurity has it'],
  ['SERVER_ADDR', 'address of the server; empty, not known here'],
  ['SERVER_NAME', 'the Host header without a port'],
  ['SERVER_PORT', 'port of the server; empty, not known here'],
  ['URLENCODED_ERROR', '1 when a percent sign is not followed by two hexadecimal digits'],
  ['WEBAPPID', 'SecWebAppId'],
  ['WEBSERVER_ERROR_LOG', 'lines of the error log of the web server; there is none, so empty'],
]

const messageCollections: readonly Row[] = [
  ['ARGS', 'all arguments: query string, form, JSON leaves'],
  ['ARGS_GET', 'arguments of the query string'],
  ['ARGS_GET_NAMES', 'their names'],
  ['ARGS_NAMES', 'names of all arguments'],
  ['ARGS_POST', 'arguments of a form'],
  ['ARGS_POST_NAMES', 'their names'],
  ['FILES', 'file names of uploaded files, by the name of their part'],
  ['FILES_NAMES', 'names of the parts that hold files'],
  ['FILES_SIZES', 'bytes of each file'],
  ['FILES_TMPNAMES', 'names of temporary files; none are written, so none'],
  ['FILES_TMP_CONTENT', 'content of each file'],
  ['GEO', 'where an address is; there is no data for it, so none'],
  ['MULTIPART_FILENAME', 'file names of the parts'],
  ['MULTIPART_NAME', 'names of the parts'],
  ['MULTIPART_PART_HEADERS', 'header lines of each part, by its name'],
  ['REQUEST_COOKIES', 'cookies'],
  ['REQUEST_COOKIES_NAMES', 'their names'],
  ['REQUEST_HEADERS', 'request headers'],
  ['REQUEST_HEADERS_NAMES', 'their names'],
  ['RESPONSE_HEADERS', 'response headers'],
  ['RESPONSE_HEADERS_NAMES', 'their names'],
  ['XML', 'what an XPath selects in an XML body'],
]

const executorScalars: readonly Row[] = [
  ['DURATION', 'milliseconds since the request began'],
  ['HIGHEST_SEVERITY', 'severity of the worst rule that matched'],
  ['MATCHED_VAR', 'the value that matched last'],
  ['MATCHED_VAR_NAME', 'its full name'],
  ['MODSEC_BUILD', 'number of the ModSecurity version that is followed'],
  ['MSC_PCRE_ERROR', 'never there: no pattern fails while it runs'],
  ['MSC_PCRE_LIMITS_EXCEEDED', 'never there: patterns run in linear time, without a limit to exceed'],
  ['SESSIONID', 'what setsid said'],
  ['TIME', 'hour, minute and second'],
  ['TIME_DAY', 'day of the month'],
  ['TIME_EPOCH', 'seconds since 1970'],
  ['TIME_HOUR', 'hour'],
  ['TIME_MIN', 'minute'],
  ['TIME_MON', 'month, from 0'],
  ['TIME_SEC', 'second'],
  ['TIME_WDAY', 'day of the week, Sunday is 0'],
  ['TIME_YEAR', 'year'],
  ['UNIQUE_ID', 'name of this request'],
  ['USERID', 'what setuid said'],
]

const executorCollections: readonly Row[] = [
  ['ENV', 'variables of the environment that setenv set'],
  ['GLOBAL', 'store shared by all requests'],
  ['IP', 'store bound with initcol:ip'],
  ['MATCHED_VARS', 'all values that matched in the rule before'],
  ['MATCHED_VARS_NAMES', 'their full names'],
  ['RESOURCE', 'store bound with initcol:resource'],
  ['RULE', 'id, rev, severity, msg, logdata of the rule that runs'],
  ['SESSION', 'store bound with setsid'],
  ['TX', 'variables of this transaction'],
  ['USER', 'store bound with setuid'],
]

/** Every variable of the reference manual that a rule may name, by its upper-case name. */
export const knownVariables: ReadonlyMap<string, KnownVariable> = new Map([
  ...rows(messageScalars, 'scalar', 'message'),
  ...rows(messageCollections, 'collection', 'message'),
  ...rows(executorScalars, 'scalar', 'executor'),
  ...rows(executorCollections, 'collection', 'executor'),
])

export const isKnownVariable = (name: string): boolean => knownVariables.has(name)

function rows(list: readonly Row[], kind: VariableKind, source: VariableSource): [string, KnownVariable][] {
  return list.map(([name, means]) => [name, { name, kind, source, means }])
}

/** REQUEST_BODY with XML as well: nothing that rule files can name. */
export const rawRequestBody = 'REQUEST_BODY (all bytes)'
