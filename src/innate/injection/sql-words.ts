/**
 * Words of the SQL dialects by what they do in a sentence (SQL:2016, PostgreSQL, MySQL, SQL Server, Oracle, SQLite).
 * Words that prose is full of and no attack depends on (`table`, `with`, `all`) are left out: they read as names.
 */
import { sqlKinds } from './sql-token.ts'

type WordClass = {
  readonly kind: number
  /** Single words, parted by blanks. */
  readonly words: string
  /** Words that are read as one. */
  readonly phrases: readonly string[]
}

const expressions: WordClass = {
  kind: sqlKinds.expression,
  words: 'case create insert select set update',
  phrases: [
    'execute as',
    'insert ignore',
    'insert delayed',
    'select all',
    'select distinct',
    'waitfor delay',
    'waitfor time',
  ],
}

const unions: WordClass = {
  kind: sqlKinds.union,
  words: 'except intersect union',
  phrases: ['union all', 'union distinct', 'intersect all'],
}

const groups: WordClass = {
  kind: sqlKinds.group,
  words: 'having limit',
  phrases: ['group by', 'order by', 'partition by', 'own3d by'],
}

const batches: WordClass = {
  kind: sqlKinds.batch,
  words: 'begin call declare delete drop exec execute go goto handler print shutdown try use while',
  phrases: [
    'begin declare',
    'begin goto',
    'begin try',
    'create or replace',
    'insert into',
    'insert ignore into',
    'insert delayed into',
    'load data',
    'load xml',
  ],
}

const logic: WordClass = {
  kind: sqlKinds.logic,
  words: 'and or xor',
  phrases: ['and not', 'or not', 'xor not'],
}

const operators: WordClass = {
  kind: sqlKinds.operator,
  words: 'between div is like mod not regexp rlike sounds',
  phrases: [
    'is not',
    'is distinct from',
    'is not distinct from',
    'not between',
    'not like',
    'not regexp',
    'not rlike',
    'not similar',
    'not similar to',
    'similar to',
    'sounds like',
    'like binary',
    'regexp binary',
    'rlike binary',
  ],
}

const keywords: WordClass = {
  kind: sqlKinds.keyword,
  words:
    'abort accessible against all_users alter analyze as asc asensitive autoincrement before blob both cascade change ' +
    'column condition constraint continue cursor databases day_hour day_microsecond day_minute day_second dec default ' +
    'delay delayed desc describe distinct distinctrow each else elseif enclosed escaped exit explain fetch force ' +
    'foreign from fulltext function grant high_priority hour_microsecond hour_minute hour_second ignore in index ' +
    'infile inner inout insensitive interval into iterate join keys kill leading leave linear lines load longblob ' +
    'longtext loop low_priority master_bind master_ssl_verify_server_cert match maxvalue mediumblob mediumint ' +
    'mediumtext merge middleint minute_microsecond minute_second modifies no_write_to_binlog notnull offset open ' +
    'optimize option optionally outfile partition precision primary procedure purge range read read_write reads ' +
    'references release rename repeat replace require resignal restrict return revoke schema schemas ' +
    'second_microsecond sensitive separator signal similar spatial specific sql sql_big_result sql_cache ' +
    'sql_calc_found_rows sql_no_cache sql_small_result sqlexception sqlstate sqlwarning ssl starting straight_join ' +
    'syscolumns sysobjects sysusers terminated then time tinyblob tinyint tinytext top trigger undo unlock unsigned ' +
    'usage utc_date utc_time utc_timestamp values varbinary varcharacter varying wait when where year_month zerofill',
  phrases: [
    'alter domain',
    'alter table',
    'at time zone',
    'cross join',
    'for update',
    'full join',
    'full outer',
    'full outer join',
    'in boolean mode',
    'inner join',
    'into outfile',
    'into dumpfile',
    'left join',
    'left outer',
    'left outer join',
    'lock in share mode',
    'lock tables',
    'natural join',
    'natural left',
    'next value for',
    'not in',
    'read write',
    'right join',
    'right outer',
    'right outer join',
    'with rollup',
  ],
}

const variables: WordClass = {
  kind: sqlKinds.variable,
  words: 'current_date current_time current_timestamp current_user localtime localtimestamp null unknown',
  phrases: ['current date', 'current time', 'current schema', 'current database'],
}

const numbers: WordClass = {
  kind: sqlKinds.number,
  words: 'false true',
  phrases: [],
}

const types: WordClass = {
  kind: sqlKinds.type,
  words:
    'anyarray anyelement bigint binary boolean bytea character decimal double float float4 float8 int int1 int2 int3 ' +
    'int4 int8 integer money numeric oid real regclass regproc serial smallint text timestamp varchar void',
  phrases: [],
}

const functions: WordClass = {
  kind: sqlKinds.function,
  words:
    'abs acos adddate addtime aes_decrypt aes_encrypt age any app_name array_agg array_cat array_fill array_length ' +
    'array_lower array_ndims array_prepend array_to_json array_to_string array_upper ascii asin atan atan2 avg ' +
    'benchmark bin bit_and bit_count bit_length bit_or bit_xor bool_and bool_or btrim cast cbrt ceil ceiling changes ' +
    'char char_length character_length charindex charset choose chr clock_timestamp coalesce coercibility col_length ' +
    'col_name collation compress concat concat_ws connection_id conv convert convert_from convert_to cos cot count ' +
    'crc32 ctxsys.drithsx.sn cume_dist curdate current_database current_query current_schema current_schemas ' +
    'current_setting currval curtime datalength date date_add date_format date_part date_sub date_trunc dateadd ' +
    'datediff datename datepart day dayname dayofmonth dayofweek dayofyear db_id db_name dbms_lock.sleep ' +
    'dbms_pipe.receive_message dbms_utility.sqlid_to_sqlhash dcount decode degrees dense_rank des_decrypt des_encrypt ' +
    'difference elt encode encrypt encryptbykey enum_first enum_last enum_range eomonth exists exp export_set extract ' +
    'extractvalue field filetoclob find_in_set first_value floor fn_virtualfilestats format found_rows from_base64 ' +
    'from_days from_unixtime generate_series get_bit get_byte get_lock getdate getutcdate greatest group_concat ' +
    'grouping hashbytes hex host_name hour if ifnull iif inet_aton inet_ntoa initcap instr is_free_lock is_member ' +
    'is_srvrolemember is_used_lock isdate isfinite isnull isnumeric json_keys julianday justify_days lag ' +
    'last_insert_id last_insert_rowid last_value lastval lcase lead least left length ln load_extension load_file ' +
    'locate log log10 log2 lower lpad ltrim make_set makedate masklen master_pos_wait max md5 microsecond mid min ' +
    'minute month monthname name_const netmask nextval now ntile nullif object_definition object_id object_name oct ' +
    'octet_length old_password opendatasource openquery openrowset openxml ord overlaps overlay parsename patindex ' +
    'percent_rank period_add period_diff permissions pg_advisory_lock pg_backend_pid pg_cancel_backend ' +
    'pg_client_encoding pg_conf_load_time pg_listening_channels pg_ls_dir pg_my_temp_schema pg_postmaster_start_time ' +
    'pg_read_binary_file pg_read_file pg_reload_conf pg_rotate_logfile pg_sleep pg_start_backup pg_stat_file ' +
    'pg_stop_backup pg_switch_xlog pg_terminate_backend pg_trigger_depth pi position pow power pwdcompare pwdencrypt ' +
    'quarter quote quote_ident quote_literal quote_nullable radians rand random randomblob rank regexp_instr ' +
    'regexp_matches regexp_replace regexp_split_to_table regexp_substr release_lock replicate reverse round row ' +
    'row_count row_number row_to_json rpad rtrim schema_id sec_to_time serverproperty session_user set_config ' +
    'set_masklen setseed setval sha sha1 sha2 sign sin sleep some soundex space split_part sqlite_version sqrt ' +
    'statement_timestamp stddev str_to_date strcmp string_agg string_to_array strpos stuff subdate substr substring ' +
    'substring_index subtime sum suser_id suser_name suser_sid suser_sname sysdate sysdatetime system_user tan ' +
    'time_format time_to_sec timediff timeofday to_ascii to_base64 to_char to_date to_days to_hex to_number ' +
    'to_timestamp total total_changes transaction_timestamp translate trim trunc truncate try_cast try_convert ' +
    'type_id type_name typeof ucase uncompress unhex unicode unix_timestamp unnest updatexml upper user_lock.sleep ' +
    'using utl_http.request utl_inaddr.get_host_address utl_inaddr.get_host_name uuid uuid_short var variance version ' +
    'week weekday weekofyear width_bucket xml_is_well_formed xmlagg xmlcomment xmlconcat xmlelement xmlexists ' +
    'xmlforest xmlpi xmlroot xmltype xpath year yearweek zeroblob',
  phrases: ['if exists', 'if not', 'if not exists', 'not exists', 'procedure analyse'],
}

/** Names of columns, and functions where a bracket follows. */
const barewords: WordClass = {
  kind: sqlKinds.bareword,
  words: 'user_id user_name database password user',
  phrases: [],
}

const collations: WordClass = { kind: sqlKinds.collate, words: 'collate', phrases: [] }

export const wordClasses: readonly WordClass[] = [
  expressions,
  unions,
  groups,
  batches,
  logic,
  operators,
  keywords,
  variables,
  numbers,
  types,
  functions,
  collations,
  barewords,
]
