// Starts the product once for all tests, on a database of its own, and sees that it ends well.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** The product, running. */
export interface Server {
  process: ChildProcess;
  url: string;
  /** How it ended: the exit code or the signal. */
  ended: Promise<string>;
  log: () => string;
}

/** The program that is tested. One that is named must be there; another one would be tested unnoticed. */
function built() {
  const programs = process.env.ZHIJIAN ? [resolve(process.env.ZHIJIAN)] : ['release', 'debug'].map(kind => join(root, 'target', kind, 'zhijian'));
  const program = programs.find(p => existsSync(p));
  if (!program) throw new Error('zhijian is not built: run `make build`, or name the program in ZHIJIAN');
  return program;
}

/** A folder with a database of starter content, and the program for it. */
export function prepare() {
  const program = built(), folder = mkdtempSync(join(tmpdir(), 'zhijian-end2end-')), file = join(folder, 'test.db');
  execFileSync(program, ['demo', '--database', `sqlite:${file}`], { cwd: folder, stdio: 'pipe' });
  return { program, folder, file };
}

/** Serves what was prepared, and returns when it answers. */
export async function serve({ program, folder, file }: ReturnType<typeof prepare>, port: number): Promise<Server> {
  const site = process.env.ZHIJIAN_SITE ?? join(root, 'target/site'), address = `127.0.0.1:${port}`;
  const out = openSync(join(folder, 'server.log'), 'a');
  const server = spawn(program, ['serve', '--listen', address, '--site', site, '--database', `sqlite:${file}`], { cwd: folder, stdio: ['ignore', out, out] });
  const ended = new Promise<string>(done => server.once('exit', (code, signal) => done(signal ?? `${code}`)));
  const log = () => readFileSync(join(folder, 'server.log'), 'utf8');
  for (let left = 600; ; left--) {
    if (server.exitCode !== null || !left) {
      server.kill('SIGKILL');
      throw new Error(`the server did not start\n${log().slice(-4000)}`);
    }
    if (await fetch(`http://${address}/healthz`).then(r => r.ok, () => false)) return { process: server, url: `http://${address}`, ended, log };
    await new Promise(done => setTimeout(done, 50));
  }
}

export default async function start() {
  if (process.env.ZHIJIAN === 'none') return;
  const prepared = prepare(), { program, folder, file } = prepared;
  const port = await freePort(), address = `127.0.0.1:${port}`;
  const { process: server, ended, log } = await serve(prepared, port);
  const fail = (what: string) => new Error(`${what}\n${log().slice(-4000)}`);
  process.env.ZHIJIAN_URL = `http://${address}`;
  process.env.ZHIJIAN_FILE = file;
  process.env.ZHIJIAN_PROGRAM = program;

  return async function stop() {
    server.kill('SIGTERM');
    const late = new Promise<string>(done => setTimeout(done, 10_000, 'late').unref());
    const end = await Promise.race([ended, late]);
    if (end === 'late') server.kill('SIGKILL');
    if (end !== '0') throw fail(end === 'late' ? 'the server did not end within 10 s of SIGTERM' : `the server ended with ${end}`);
    const panics = log().split('\n').filter(line => line.includes('panicked at'));
    if (panics.length) throw new Error(`the server panicked, see ${folder}/server.log\n${panics.join('\n')}`);
    rmSync(folder, { recursive: true });
  };
}

export function freePort() {
  return new Promise<number>((done, failed) => {
    const probe = createServer().once('error', failed).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
