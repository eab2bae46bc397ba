// What every test of the product stands on: people of its own, the way in, and a look into the database.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test';

export const PASSWORD = 'zhijian-2026'; // of all demo accounts, and of the people made here
export const LIAISON = '13800000010'; // of demo-jinjiang-justice
export const ADMINISTRATOR = '13800000099'; // of the province
export const EDITOR = '13800000050'; // of the province
export const UNIT = 'demo-jinjiang-justice';

export interface Learner {
  id: string;
  name: string;
  phone: string;
  staffNumber: string;
}

type Value = string | number | boolean | null;
type Row = Record<string, any>;

function literal(value: Value) {
  if (value === null) return 'null';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(Number(value));
}

/** Runs a statement by the command line tool, beside the running server: db`select … where id = ${id}`. */
export function db(parts: TemplateStringsArray, ...values: Value[]): Row[] {
  const file = process.env.ZHIJIAN_FILE;
  if (!file) throw new Error('no database: these tests need the product (see server.ts)');
  const sql = String.raw({ raw: parts }, ...values.map(literal));
  const text = execFileSync('sqlite3', ['-json', '-cmd', '.timeout 5000', file, sql], { encoding: 'utf8' });
  return text.trim() ? JSON.parse(text) : [];
}

/** An id as the product makes them: a UUID of version 7. */
export function freshId(now = Date.now()) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A learner whom no other test knows, with the password of the demo accounts. */
export function newLearner({ mustChangePassword = false, unit = UNIT } = {}): Learner {
  const digits = String(randomBytes(6).readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
  const learner = { id: freshId(), name: `学员${digits}`, phone: `139${digits}`, staffNumber: `t${digits}` };
  db`insert into learner (id, name, phone, staff_number, password_hash, must_change_password, type_size, created_at)
     select ${learner.id}, ${learner.name}, ${learner.phone}, ${learner.staffNumber}, password_hash, ${mustChangePassword}, 100, ${Date.now()}
     from learner where phone = '13800000001'`;
  db`insert into membership (id, learner_id, unit_id, from_at) values (${freshId()}, ${learner.id}, ${unit}, 0)`;
  return learner;
}

/** Signs in without opening a page. */
export async function signInto(request: APIRequestContext, account: string, password = PASSWORD) {
  const signed = await request.post('/sign-in', { form: { account, password }, maxRedirects: 0 });
  expect(signed.status()).toBe(303);
}

/** Signs in and opens the first page. What the page of signing in does is for identity.spec to see. */
export async function signIn(page: Page, account: Learner | string, password = PASSWORD) {
  await signInto(page.request, typeof account === 'string' ? account : account.phone, password);
  await page.goto('/');
}

/** Turns the session back, so that the server believes in time that the test's clock has made up. */
export function signedInAnHourAgo(learner: Learner) {
  db`update session set created_at = created_at - 3600000 where learner_id = ${learner.id}`;
}

/** Puts an entry into the ledger and its sums, as the service does. */
export function earn(learner: Learner, amount: number, source: string, reason: string, detail: string, at = Date.now()) {
  const beijing = new Date(at + 8 * 3_600_000).toISOString();
  const [year, day] = [beijing.slice(0, 4), beijing.slice(0, 10)];
  db`insert into credit_entry (id, learner_id, year, day, source, amount, reason, detail, event_id, created_at)
     values (${freshId()}, ${learner.id}, ${Number(year)}, ${day}, ${source}, ${amount}, ${reason}, ${detail}, ${freshId()}, ${at})`;
  for (const period of [year, day]) {
    db`insert into credit_sum (learner_id, period, source, amount) values (${learner.id}, ${period}, ${source}, ${amount})
       on conflict (learner_id, period, source) do update set amount = amount + excluded.amount`;
  }
}

export interface Contest {
  id: string;
  title: string;
}

/** A contest that is open now, for everyone in the province. */
export function newContest(rules: object = {}, { opens = -3_600_000, closes = 3_600_000 } = {}): Contest {
  const contest = { id: freshId(), title: `竞赛 ${randomBytes(3).toString('hex')}` };
  const all = { questions: 5, minutes: 5, attempts: 1, points: 20, topics: ['constitution'], bands: [{ from: 1, to: 1, credits: 30 }], taking_part: 5, ...rules };
  db`insert into contest (id, kind, title, summary, unit_id, opens_at, closes_at, rules)
     values (${contest.id}, 'themed', ${contest.title}, '测试用', '51', ${Date.now() + opens}, ${Date.now() + closes}, ${JSON.stringify(all)})`;
  return contest;
}

type Key = { choices: number[] } | { words: string[] };

/** What is right, by the database: places of options as the question lists them, or words. */
export function key(question: string): Key {
  return JSON.parse(db`select answer_key from question where id = ${question}`[0].answer_key);
}

/** The texts of the options that are right; of a blank, the words. */
export function rightTexts(question: string): string[] {
  const answer = key(question);
  if ('words' in answer) return answer.words.slice(0, 1);
  const options: string[] = JSON.parse(db`select options from question where id = ${question}`[0].options);
  return answer.choices.map(i => options[i]);
}

/** Does what leads to another page, and waits until that page stands: its address is there before it is. */
export async function toNextPage(page: Page, act: () => Promise<void>) {
  await page.locator('body').evaluate(body => body.setAttribute('data-earlier', ''));
  await act();
  await expect(page.locator('body[data-earlier]')).toHaveCount(0);
}

/** Answers the one question of a form, rightly or wrongly, by what the options say. */
export async function answer(page: Page, question: string, rightly: boolean) {
  const right = rightTexts(question);
  const form = page.locator('form:has(fieldset.question)');
  const blank = form.locator('.blank input');
  if (await blank.count()) return blank.fill(rightly ? right[0] : '不知道');
  const options = form.locator('.option');
  for (const option of await options.all()) {
    const text = await option.locator('.text').innerText();
    const multiple = (await option.locator('input').getAttribute('type')) === 'checkbox';
    if (right.includes(text) === rightly) {
      await option.click();
      if (!multiple) return;
    }
  }
  // Where every option is right, one alone is wrong.
  if (!rightly && !(await options.locator('input:checked').count())) await options.first().click();
}

/** The islands of the page are awake. */
export const awake = (page: Page) => expect(page.locator('body')).toHaveAttribute('data-awake');

/** Every page of a learner, and what stands for it in names of pictures. */
export const learnerPages = [
  ['home', '/'],
  ['laws', '/laws'],
  ['law', '/laws/宪法'],
  ['section', '/laws/宪法/5'],
  ['lessons', '/lessons'],
  ['lesson', '/lessons/constitution-supremacy'],
  ['practice', '/practice'],
  ['contests', '/contests'],
  ['me', '/me'],
  ['credits', '/me/credits'],
  ['password', '/me/password'],
  ['not-found', '/nothing-here'],
] as const;

/** Opens one of them; what should be there is there. */
export async function open(page: Page, path: string) {
  const response = await page.goto(path);
  expect(response?.status(), path).toBe(path === '/nothing-here' ? 404 : 200);
}

export const test = base.extend<{ learner: Learner; me: Learner }>({
  baseURL: async ({}, use) => use(process.env.ZHIJIAN_URL),
  learner: async ({}, use) => use(newLearner()),
  me: async ({ page, learner }, use) => {
    await signIn(page, learner);
    await use(learner);
  },
  page: async ({ page }, use) => {
    const wrong: string[] = [];
    page.on('pageerror', e => wrong.push(e.message));
    page.on('console', m => { if (/panicked|Content Security Policy|Could not find/.test(m.text())) wrong.push(m.text()); });
    await use(page);
    expect(wrong, 'errors in the page').toEqual([]);
  },
});
export { expect };
