/**
 * The grammar that decides: what can follow a value that an application put into a statement, so that the whole is
 * still SQL and the attacker's. One shape is a group of token letters (`sqlKinds`) for each place;
 * shapes are parted by bars.
 *
 *   `1sv & 1sv Bc)`   a value, AND or OR, a value, and then GROUP BY, a comment or a closing bracket
 *
 * `$` in a group: the skeleton may end here. What follows the last group is free.
 */

/** A condition of the attacker's own: `1 or 1=1`, `') and (select ...`, `' or sleep(5)`. */
const conditions = `
  1sv & 1sv $ | 1sv & 1sv Bc | 1sv & 1sv ) c&oU | 1s & s f ( | s & s o ns | s & E skn | 1s & 1sv f ( | 1s & n o f |
  1sv & 1sv U E($c | 1sv & 1sv o f(vs | 1sv & 1sv k n( | 1sv & E f ( | & 1 o ( f | s & s o s | 1s & 1sv k s |
  1sv & 1 ; ETc$ | s & s v o | 1svn & ( 1sv )o&, | 1svn & ( E 1fosnvk( | 1svn & ( f ( | 1s & ( n o),& |
  1sv & f ( )1Efnsv | n & f ( )1 | 1s & n f ( | s & n $ | 1sv & n c | 1sv & n ) &oU | 1sv & n U E | 1sv & n B 1s |
  1sv & n o vs( | 1sv & n k n1 | 1sv &kB 1svn ; $ | n &B 1v ; $ | 1sv & n ; c | 1sv & k n k | 1s & v o (vs |
  1sv & v U E | 1svn ) & ( 1svEfn | 1svn ) & f ( | 1svn ) & 1 $ocB)fU; | 1svn ) & s $ofc;) | 1s ) & n $o)cfU |
  n & 1 $Uc | n & 1 o (fv | & 1 o f ( | & ( ns o sv | n & n UB | n & n o sv( | n & f ( fE1 | 1nv & E k 1 |
  nv & ( n ) | n & vs c; | n U E 1nsv c;o$k | n U E ( Ens1 | 1s ) & v $co;) | 1svn ) & n ; | 1svn & E k f1nvs( |
  1svn & vn o f(v | n & f ( 1vsnfE) | nv & s o fn(1 | 1s & s o n1f | & f ( 1svnf )o | & 1svn o f(v | & ( 1svn )o |
  1svn & n f (`

/** A second query: `1 union select 2`. */
const unions = `
  1svn U E 1 $(,Bckno&;)Usfv | 1 U E n n | n U E n k | 1svn U E f $(,c | 1s U E v n | 1s U E s f | 1ns U E n s,; |
  1sv U E o kn | 1sv U E k 1n | 1 n U E( | 1sv U E $c | 1 U $ | 1sv U c | n U 1v c | 1 U o n (1f | 1snv U s o s |
  1 U ( s1n )o | 1svn ) U ( E | 1svn ) U E 1vf$sn( | U E 1 $c | U E 1 k n | U E 1nv , f(n | U E f ( )s1n |
  1s o sv U E | 1 o v k U | 1s k U E | 1s o n U E | 1 n ) U E | s o 1 U (E | 1s k 1 U E | 1svn k ) U E |
  1svn ) k U E | U E v $c | 1sn ) o s U | U ( E n | n U ( n o | E n U E 1 | n B 1 U E | s k ) U E | 1sv B 1 U E |
  & 1 U E 1f | 1svn U ( E 1nfvs(ko | 1svn U E n $(,kco&)Bs1;f | 1svn U E s $ock1),(&; | 1svn U E v $,cko(s)U&; |
  1svn U E ( Ensv1f | U E f ( )1snfv | U E ( 1vnfs | U E 1svn k n | U E vns o f( | U ( E f1n`

/** A second statement: `1; drop table x`, `'; select sleep(5)`. */
const batches = `
  1svn ; T (fk | 1svn ; T n (kvnc;osT | 1svn ; T s cno; | 1svn ; T 1 Tco; | 1svn ; T v c; | 1svn ; E ( Ef1snv |
  1svn ; E f ( | 1svn ; E s co;k | 1svn ; E 1 ,ck;o | 1svn ) ; T (1fknvso | 1sv ) ; E (f1nvosk | 1s k 1 ; ET |
  1s k ) ; ET | 1s k n ; ET | s T ( ns ) | s T n ;Es | s T n s c | s T s n c | 1snv T s o s | s T n T v1 |
  1svn ; E n oc,; | 1s ; T T n | 1sn T ( nsv ) | n T n o v | n T n k n | 1svn ; E v co; | 1svn ; E n kE |
  1svn ; T v (ot | ; T ( E k`

/** A computed value: `'x'||(select ...)`, `1 = sleep(5)`. */
const computations = `
  1sv o ( f ( | 1sv o ( 1 )o& | 1sv o ( s )&,o | 1sv o ( n )o, | 1svn o f ( 1sEfvn) | 1sv o U ( | 1 o s & 1sfvn |
  1 o s c | 1 o s ) &kU;,cfBo | 1 o s , f | 1 o s 1 s | 1 o s f ( | 1 o s k n1 | s o s $c | s o s 1 s | s o s k s |
  s o s ) U&of | s o s & n | 1 o s 1 n | 1 o s k ) | 1 o s E 1( | 1 o v $ | 1n o k s o | 1 o k f ( | 1sn o v f ( |
  1 o U E n | s o s ) c | 1sn o v c;) | 1s o 1svn ; $ | s o s f ( | s o 1 & 1sfn( | s o 1 ; $n | s o 1 c |
  s o 1 n (& | s o k & s | 1s ) o s ( | s o 1 f ( | s o 1 ) ,ok | s o 1 k n | s o 1 , f( | s o n & f1ns |
  s o n ( 1sfE | s o n ; nE | s o n f ( | s o n ) o&,U | s o n E 1fno | s o n 1 Uo | 1ns o v & 1s | s o v $ |
  v o s $1&c; | 1sv ) o ( Efn1s | 1svn ) o f ( | 1sn ) o s $)c&; | 1svn ) o v $;c&) | 1svn ) o n )&;kcUB |
  1svn ) o 1 $)kU&c; | n o k ( n | n o k f ( | n o s ;c | n o s f ( | n o ( s ) | n o ( n o | n o v c | n o ( E 1 |
  n o s c | n o v ; $ | 1svn o ( E f1(osnvkE | 1svn o ( f ( | 1svn o ( 1svn ) | 1svn ) o ( Efn1sv |
  1svn ) o 1vn kBU& | s o 1vsn ; cTE | s o 1svn & vsfnE1 | s o vns U (E | s o vn k n1f`

/** The rest of a statement: `1) as x where 1=1 --`, `' into outfile '...'`, `1 order by 5 --`, `1, (select ...)`. */
const clauses = `
  1s k 1 & 1f(n | 1s k 1 o (f | 1sv k 1 c$ | 1sv k sv c | 1sv k svn $ | v k 1 &;o | 1sv k ( n1 ) | 1s k 1 B 1 |
  1s k 1 E s1 | s k s $;c | s k s o s | s k ( 1 ) | 1s k ) & 1f(n | 1s k ) o (f | 1s k ) B 1 | 1s k ) E s |
  1svn ) k 1 &;UBEo | 1svn ) k n kc;&BEU | 1svn ) k f ( | 1sv ) k ( 1sn | 1 ) k s o | 1svn ) k v o; |
  1snv k f ( 1)nf | 1s k n c | 1 k n B 1 | n k 1 c& | n k s ;c | n k s o s | 1snv kBTEU& s o s | 1snv EB 1vns c |
  1sv k n c | 1svn k n & 1f | 1s k 1 E f | 1s k 1 & s | s k n E n | s k n B 1 | n k 1 U E | n k ( 1 ) | k ( n ) o |
  k ( f ( | & ( f ( 1 | & ( 1 ) o | T n ( 1 ) | T n s o s | T n f ( 1) | 1sv B 1 $c | n B 1 $c | 1sv B 1 B 1 |
  1svn B f ( 1vsn)f | 1sv B ( f ( | 1svn B ( 1 ) | 1s B f ( f | 1svn ) B 1 co$Un;& | 1sv ) B n o$c;& |
  1sv ) B sv $co; | 1sv ) B f ( | s ) E f ( | 1svn ) B ( 1n | 1svn B 1n & 1f | 1svn B n o vsf( | 1sv B svn $c |
  1sv B 1 o ( | 1sn B s $ | 1snv B s o s | n B n k n | s E 1 n c | s ) k s o | 1 & E ( f | s ) & v o | n & n f ( |
  n & 1 ) oU | n o s 1 s | s o n ) c | s o 1 ) & | s ) E k s | & 1 o ( n | 1svn , ( E f(1nk | 1sv , f ( 1n)f |
  n , f ( ) | 1s , ( f ( | 1s , f ( f | 1svn , ( 1n ) | 1sv ) , ( 1n | 1 n , f ( | 1 n ( f ( | n , f ( 1nf |
  1svn B n B 1 | 1svn B 1 k 1 | 1svn ) B 1 k | 1svn B E k ( | 1svn B 1svn o f(vs | 1svn B ( 1sv ) | 1svn B sv B 1 |
  1svn B 1svn , (f | 1svn B 1svn & 1svfn( | 1svn B 1svn k 1snf( | 1sv B 1svn ; c | 1svn B ( f ( | 1svn B ( 1sv o |
  1svn k sv o (f | 1svn k ( f ( | 1svn k f ( 1svnf) | 1svn k ( 1svn )o | 1svn k 1svn B 1svf | 1svn k 1svn & 1svnf( |
  1svn k 1sv o (f | 1svn , f ( 1vsnf) | 1svn , ( E f(nk1svo | 1svn , ( f ( | 1svn , ( 1vs )o | 1svn ) , ( f1svn |
  1svn ) B ( f1svn | 1svn ) B v k& | 1svn ) k ( f1vsn | k f ( 1 | k 1 o (f | 1svn k s o n1(f`

/** Calls and queries that stand behind a value with nothing between: `'x' sleep(5)`, `1 a case when ...`. */
const glued = `
  1snvkET& f ( 1 )o | 1snvTE 1svTEU f ( | 1snv vBT o f ( | & n o f ( | k 1s o f ( | T v f ( 1 | 1sv f ( 1 n |
  1snEvkT& f ( f ( | 1sE f ( n ), | 1snEvkT& f ( n o | 1sn f ( s o | nE& f ( s ) | ETn f ( v ) | 1snvE f ( E (fvs1 |
  1snvkT& f ( ) o | 1snvE f ( ) nskf1 | 1E f ( ) U | 1 ) f ( f | s ) f ( f | 1 n E 1nv co | 1 n E f ( | 1sn E f ( 1) |
  n E 1 c | 1s E n k | 1 E o k n | 1 E n E n | 1s E s c | s E s ; | s E n E n | 1s ) E s c | 1 n & f ( | s E 1 T n |
  s ) E s co | 1 n ( s )o | 1 n ( 1 o | 1 v s $ | s 1 v $ | E f ( ) ; | 1sv E k (f1nE | 1svn f ( E kn(1sv |
  1svn f ( 1vs )o | 1svn ( E fk | s ( E n k | 1svn ) E k f1n(sv`

/** The text is itself a statement or a call: `select x from y`, `sleep(5)`. */
const statements = `
  E ( E fs(k1 | E ( 1sv &), | E ( f ( | E 1 & 1 ) | E 1 ) o 1 | E 1 ) $c | E 1snv , f ( | E 1 U ( | E 1 k (1f |
  E 1 o ( | E f ( 1 ),& | E f ( o ) | E 1sn k n ,kB;)U | E n ) , | E ( n ) , | E 1 & v o | E ( v o s | E s ) c |
  E v & f ( | E f ( s &,) | E k 1sn k 1n | E k 1 n k | E sv & sv )o | E sv & ( 1sv | E s k 1 o | E sv o s ) |
  E v ) & f( | E v B 1 ) | E v n $ | E n ( s ) | E n ( f ( | E n & f ( | E n o f ( | E k ( 1 ) | E 1 o f ( | E 1 n c |
  E 1 U E 1f | E n k n c | E n k n ;B | E o k ( E | E n f ( 1) | f ( ) o ns1kvfU | f ( ) f ( | f ( ) n )fo |
  f ( ) s ofv | f ( ) E ok(sn1f | f ( ) , f1n | f ( ) T n1f | f ( ) & ks1 | f ( ) B fsn | f ( ) U 1snfo | f ( ) c |
  f ( ) k nv1sf | f ( ) & nE | f ( ) 1 onsf | f ( ) n &(,1U | f ( 1 ) $noksf1&vBETcU,; | f ( s ) $ncos | f ( v ) $nc |
  f ( n ) $nock&1B | f ( 1 o vsf | f ( 1 & sf1 | f ( ) n o | f ( ) & f | f ( E ( Ens | f ( 1n , f | f ( v & s1 |
  f ( v o s | f ( s o ns1f | f ( n o sf | f ( n & n | f ( f ( 1)nsfE | f ( E o k | f ( E f ( | f ( E s ) |
  f ( E k n1 | f ( E n o | f ( t , ( | E k f ( 1nv)E | E k 1svn o f(`

/** A comment that cuts off the rest of the statement: `1 --`, `admin') --`. */
const cuts = `
  1svn c $ | 1sv ) c $`

export const skeletons: readonly string[] = [
  conditions,
  unions,
  batches,
  computations,
  clauses,
  glued,
  statements,
  cuts,
].flatMap((lines) => lines.split('|').map((line) => line.trim()))
