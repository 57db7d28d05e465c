// node check.js FOLDER   parses every statement that the adapter can send (FOLDER/*.sql, written by SqlServerSqlTest) with a T-SQL grammar.
//
// The grammar is that of 2021 of antlr/grammars-v4, from the npm registry: npm install --no-save antlr4ts@0.5.0-alpha.4 antlr4ts-sql@1.1.0
// It knows no NEXT VALUE FOR, so that is read as a function call; JDBC's '?' is read as @P0, @P1 and so on, as the driver writes it.
// So that "it parses" means something, each statement is also tried with a parenthesis too many, and the statements in broken/ are tried:
// the grammar has to refuse all of these.
const fs = require('fs');
const path = require('path');
const { antlr4tsSQL, SQLDialect } = require('antlr4ts-sql');

function error(sql) {
  let parameters = 0;
  const readable = sql
    .replace(/NEXT VALUE FOR [\w.]+/g, 'NEXT_VALUE(1)')
    .replace(/\?/g, () => '@P' + parameters++);
  let first = null;
  const listeners = [{ syntaxError: (recognizer, symbol, line, column, message) => { first = first || `${line}:${column} ${message}`; } }];
  const parser = new antlr4tsSQL(SQLDialect.TSQL);
  const tokens = parser.getTokens(readable, listeners);
  const it = parser.getParser(tokens, listeners);
  parser.getParseTree(it);
  return first;
}

function files(folder) {
  return fs.readdirSync(folder).filter(name => name.endsWith('.sql')).sort().map(name => path.join(folder, name));
}

const wrong = [];
let accepted = 0;
let refused = 0;
for (const file of files(process.argv[2])) {
  const sql = fs.readFileSync(file, 'utf8').trim();
  const found = error(sql);
  if (found) wrong.push(`${file} is refused: ${found.slice(0, 200)}`);
  else accepted++;
  if (error(sql + ' )')) refused++;
  else wrong.push(`${file} is taken with a parenthesis too many`);
}
for (const file of files(path.join(__dirname, 'broken'))) {
  if (error(fs.readFileSync(file, 'utf8').trim())) refused++;
  else wrong.push(`${file} is taken`);
}
wrong.forEach(line => console.log(line));
console.log(`T-SQL: ${accepted} statements taken, ${refused} broken ones refused, ${wrong.length} wrong`);
process.exit(wrong.length || accepted < 100 || refused < 100 ? 1 : 0);
