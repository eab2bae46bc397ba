// The first page: what to do next.
import { db, expect, newContest, test } from './world';

test('greets by name and offers the next lesson, the day’s questions and the open contest', async ({ page, me }) => {
  newContest({}, { closes: 1_800_000 });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(me.name);
  await expect(page.locator('.resume a')).toHaveAttribute('href', /^\/lessons\//);
  await expect(page.locator('main a.row[href="/practice"]')).toBeVisible();
  await expect(page.locator('main a.row[href^="/contests/"]')).toBeVisible();
});

test('every tab leads to its page and is the current one there', async ({ page, me }) => {
  await page.goto('/');
  for (const path of ['/practice', '/contests', '/me', '/']) {
    await page.locator(`.nav a[href="${path}"]`).click();
    await expect(page).toHaveURL(path);
    await expect(page.locator('.nav [aria-current=page]')).toHaveAttribute('href', path);
  }
});

test('goes on with what was read last', async ({ page, me }) => {
  db`insert into reading_place (learner_id, law_slug, version_date, address, read_at)
     select ${me.id}, '宪法', version_date, '33', ${Date.now()} from law_version where law_slug = '宪法' limit 1`;
  await page.goto('/');
  await page.locator('.resume a').click();
  await expect(page.locator('#a33')).toBeInViewport();
});
