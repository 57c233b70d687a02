/**
 * What words of query languages, markup, shells and templates stand for. Words of one line do the same work in an
 * attack, so that one seen tells of the others. All other words and numbers are one token: a name or a value.
 */
const families: readonly string[] = [
  'or and xor like rlike regexp not between',
  'union intersect except all',
  'select table_name column_name',
  'from join into outfile dumpfile',
  'where having limit offset order group procedure analyse by',
  'insert update delete drop alter truncate create replace',
  'sleep benchmark pg_sleep waitfor delay dbms_pipe dbms_lock receive_message sleep_for heavy randomblob',
  'concat concat_ws group_concat char chr ascii ord hex unhex substring substr cast convert string_agg nchar',
  'version user database schema current_user system_user session_user user_name db_name banner sysdate utl_inaddr',
  'information_schema sysobjects syscolumns dual all_tables pg_user sqlite_master pg_catalog msysobjects',
  'load_file xp_cmdshell exec execute sp_executesql declare extractvalue updatexml xmltype sp_oacreate',
  'alert confirm prompt msgbox',
  'eval settimeout setinterval function constructor fromcharcode atob fetch xmlhttprequest importscripts expression',
  'document window self top parent globalthis location cookie domain localstorage innerhtml writeln',
  'script body object audio video table style link meta base form button img image svg iframe input embed details marquee math div td frameset frame applet bgsound isindex textarea keygen xml animate span',
  'src href formaction srcdoc background poster dynsrc lowsrc xlink',
  'javascript vbscript livescript jscript',
  'etc windows home root opt dev winnt proc usr var boot inetpub system32 xampp',
  'passwd shadow hosts group win ini config hostname issue environ htpasswd htaccess httpd conf access_log resolv fstab motd sam id_rsa bash_history',
  'cat tac more less head tail nl od tee sed awk xxd',
  'id whoami uname dir pwd ls ifconfig ipconfig netstat ps systeminfo',
  'ping nslookup curl wget nc ncat netcat telnet dig ftp tftp lynx scp ssh',
  'sh bash cmd powershell ksh zsh csh dash exe perl python ruby php node lua',
  'bin sbin',
  'echo printf expr ifs',
  'passthru shell_exec popen proc_open runtime getruntime processbuilder child_process spawn execsync',
  'jndi lower upper',
  'http https file ldap ldaps rmi dns iiop nis corba gopher dict jar expect phar zip glob netdoc',
  'system public doctype entity element attlist notation cdata',
  'class base init config items application mro subclasses globals builtins dict getattr',
  'objectclass uid cn userpassword',
  'ne gt gte lt lte nin regex exists elemmatch nor',
  'java lang freemarker velocity springframework ognl classloader forname newinstance getclass',
]

/** Token numbers below are taken by signs; see `phrases.ts`. */
export const firstConcept = 64

const multiplier = 0x01000193
const slots = 2_048
/** Hashes of the words, and what stands at the same place: open addressing, so that a word costs no object. */
const hashes = new Int32Array(slots)
const numbers = new Uint8Array(slots)

/** Hash of no word yet; FNV-1a without regard to case. */
export const emptyWord = 0x811c9dc5 | 0

/** The hash of a word with one more character: a letter, a digit or `_`. */
export function extendWord(hash: number, code: number): number {
  return Math.imul(hash ^ (code | 32), multiplier)
}

/** What a word stands for, by its hash; 0 for a name. */
export function conceptOf(hash: number): number {
  let place = (hash ^ (hash >>> 15)) & (slots - 1)
  while (numbers[place] !== 0) {
    if (hashes[place] === hash) return numbers[place] as number
    place = (place + 1) & (slots - 1)
  }
  return 0
}

for (const [index, words] of families.entries()) for (const word of words.split(' ')) note(word, firstConcept + index)

function note(word: string, concept: number): void {
  let hash = emptyWord
  for (let at = 0; at < word.length; at += 1) hash = extendWord(hash, word.charCodeAt(at))
  if (conceptOf(hash) !== 0) return
  let place = (hash ^ (hash >>> 15)) & (slots - 1)
  while (numbers[place] !== 0) place = (place + 1) & (slots - 1)
  hashes[place] = hash
  numbers[place] = concept
}
