// Who someone is: in, out, the password, language and type size.
import { createHash } from 'node:crypto';
import { db, expect, LIAISON, newLearner, PASSWORD, signIn, test } from './world';
import type { Page } from '@playwright/test';

async function tryToSignIn(page: Page, account: string, password: string) {
  await page.goto('/sign-in');
  await page.locator('#account').fill(account);
  await page.locator('#password').fill(password);
  const [response] = await Promise.all([
    page.waitForResponse(r => r.request().method() === 'POST'),
    page.locator('form[action="/sign-in"] button').click(),
  ]);
  return response;
}

test('whoever is not signed in is asked to, and comes to the page that was wanted', async ({ page, learner }) => {
  await page.goto('/me/credits?page=1');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.locator('#account').fill(learner.phone);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('form[action="/sign-in"] button').click();
  await expect(page).toHaveURL('/me/credits?page=1');
});

test('signing in never leads out of the site', async ({ page, learner }) => {
  for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.locator('#account').fill(learner.phone);
    await page.locator('#password').fill(PASSWORD);
    await page.locator('form[action="/sign-in"] button').click();
    await expect(page).toHaveURL('/');
    await page.context().clearCookies();
  }
});

for (const how of ['staff number', 'phone with spaces', 'full-width phone'] as const) {
  test(`one signs in by ${how}`, async ({ page, learner }) => {
    const { phone } = learner;
    const typed = {
      'staff number': 'D0001', // of the first demo account
      'phone with spaces': ` ${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)} `,
      'full-width phone': [...phone].map(d => String.fromCharCode(d.charCodeAt(0) + 0xfee0)).join(''),
    }[how];
    expect((await tryToSignIn(page, typed, PASSWORD)).status()).toBe(303);
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(how === 'staff number' ? '林知行' : learner.name);
  });
}

test('a wrong password and an unknown account get the same answer, and the account stays in the field', async ({ page, learner }) => {
  const sentences: string[] = [];
  for (const account of [learner.phone, '13900000000x']) {
    const response = await tryToSignIn(page, account, 'something-else');
    expect(response.status()).toBe(401);
    await expect(page.getByRole('alert')).toBeVisible();
    sentences.push(await page.getByRole('alert').innerText());
    await expect(page.locator('#account')).toHaveValue(account);
    await expect(page.locator('#password')).toHaveValue('');
    await expect(page.locator('#account')).toHaveAttribute('aria-invalid', 'true');
  }
  expect(sentences[0]).toBe(sentences[1]);
});

test('after five wrong tries the next one waits, even with the right password', async ({ page, learner }) => {
  for (let i = 0; i < 5; i++) expect((await tryToSignIn(page, learner.phone, `wrong-${i}-wrong`)).status()).toBe(401);
  const account = createHash('sha256').update(learner.phone).digest('hex');
  expect(db`select failures from sign_in_failure where account_hash = ${account}`).toEqual([{ failures: 5 }]);
  // A slow machine takes longer than the first wait, so this is one of the later ones.
  db`update sign_in_failure set failures = 9, last_at = ${Date.now()} where account_hash = ${account}`;
  const response = await tryToSignIn(page, learner.phone, PASSWORD);
  expect(response.status()).toBe(429);
  expect(Number(response.headers()['retry-after'])).toBeGreaterThan(0);
  await expect(page.getByRole('alert')).toBeVisible();
});

test('the session is a cookie that scripts cannot read, and private pages are not stored', async ({ page, me }) => {
  const session = (await page.context().cookies()).find(c => c.httpOnly);
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  for (const path of ['/', '/me', '/practice', '/contests']) {
    const response = await page.goto(path);
    expect(response?.headers()['cache-control']).toContain('no-store');
  }
});

test('a change that another site asks for is refused', async ({ page, me }) => {
  const refused = await page.request.post('/sign-out', { headers: { 'sec-fetch-site': 'cross-site' }, maxRedirects: 0 });
  expect(refused.status()).toBe(403);
  await page.goto('/me');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(me.name);
});

test('after signing out, Back shows no private page', async ({ page, me }) => {
  await page.goto('/');
  await page.locator('.nav a[href="/me"]').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(me.name);
  await page.locator('form[action="/sign-out"] button').click();
  await expect(page).toHaveURL('/sign-in');
  for (let i = 0; i < 2; i++) {
    await page.goBack();
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByText(me.name)).toHaveCount(0);
  }
});

test('signing out everywhere ends the session on the other device too', async ({ page, me, browser, baseURL }) => {
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, me);
  await page.goto('/me');
  await page.locator('form[action="/sign-out/all"] button').click();
  await expect(page).toHaveURL('/sign-in');
  await other.goto('/me');
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();
});

test.describe('the password', () => {
  async function change(page: Page, current: string, fresh: string, again = fresh) {
    await page.goto('/me/password');
    await page.locator('form[action="/me/password"]').evaluate((f: HTMLFormElement) => { f.noValidate = true; });
    await page.locator('#current').fill(current);
    await page.locator('#new').fill(fresh);
    await page.locator('#again').fill(again);
    await page.locator('form[action="/me/password"] button').click();
  }

  test('is not changed when something is wrong, and the page says what', async ({ page, me, browser, baseURL }) => {
    for (const [current, fresh, again] of [['not-my-password', 'a-new-password'], [PASSWORD, 'short'], [PASSWORD, PASSWORD], [PASSWORD, 'a-new-password', 'another-password']]) {
      await change(page, current, fresh, again);
      await expect(page).toHaveURL('/me/password');
      await expect(page.getByRole('alert')).toBeVisible();
    }
    const other = await (await browser.newContext({ baseURL })).newPage();
    await signIn(other, me);
    await other.context().close();
  });

  test('once changed ends other sessions, and only the new one is right', async ({ page, me, browser, baseURL }) => {
    const other = await (await browser.newContext({ baseURL })).newPage();
    await signIn(other, me);
    await change(page, PASSWORD, '一个新的密码 2026');
    await expect(page).toHaveURL('/me');
    await expect(page.locator('.flash[data-kind=right]')).toBeVisible();
    await other.goto('/me');
    await expect(other).toHaveURL(/\/sign-in/);
    expect((await tryToSignIn(other, me.phone, PASSWORD)).status()).toBe(401);
    await signIn(other, me, '一个新的密码 2026');
    await other.context().close();
  });

  test('of a new account must be changed before anything else', async ({ page }) => {
    const learner = newLearner({ mustChangePassword: true });
    await signIn(page, learner);
    for (const path of ['/', '/lessons', '/contests']) {
      await page.goto(path);
      await expect(page).toHaveURL('/me/password');
    }
    await change(page, PASSWORD, 'a-new-password');
    await expect(page).toHaveURL('/me');
    await page.goto('/lessons');
    await expect(page).toHaveURL('/lessons');
  });
});

test('the language is kept with the account', async ({ page, me, browser, baseURL }) => {
  await page.goto('/me');
  await page.locator('form[action="/language"] button[value="en"]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, me);
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
  await other.goto('/me');
  await other.locator('form[action="/language"] button[value="zh-TW"]').click();
  await expect(other.locator('html')).toHaveAttribute('lang', 'zh-TW');
  await other.context().close();
});

test('the type size is kept, on every page', async ({ page, me }) => {
  await page.goto('/me');
  await page.locator('form[action="/me/type-size"] button[value="150"]').click();
  await expect(page.locator('html')).toHaveAttribute('data-type', '150');
  await page.locator('.nav a[href="/practice"]').click();
  await expect(page).toHaveURL('/practice');
  await expect(page.locator('html')).toHaveAttribute('data-type', '150');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a liaison signs in by the same form', async ({ page }) => {
  await signIn(page, LIAISON);
  await page.goto('/me');
  await expect(page.locator('a[href="/admin"]')).toBeVisible();
});
