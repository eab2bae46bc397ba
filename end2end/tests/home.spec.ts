// The first page: what to do next.
import { db, earn, expect, newContest, test } from './world';

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

test('of two open contests the row is the one that closes soonest, whichever was made first', async ({ page, me: _ }) => {
  const row = page.locator('main a.row[href^="/contests/"]');
  newContest({}, { closes: 100_000 });
  const sooner = newContest({}, { closes: 80_000 });
  await page.goto('/');
  await expect(row).toHaveAttribute('href', `/contests/${sooner.id}`);
  const soonest = newContest({}, { closes: 60_000 });
  newContest({}, { closes: 90_000 });
  await page.reload();
  await expect(row).toHaveAttribute('href', `/contests/${soonest.id}`);
  await expect(row).toContainText(soonest.title);
});

test('the ring shows the credits of this year and how far it is to 1 000', async ({ page, me }) => {
  const ring = page.locator('.credits .ring'), arc = ring.locator('circle[stroke-dasharray]');
  await page.goto('/');
  await expect(ring.locator('strong')).toHaveText('0');
  await expect(arc).toHaveCount(0);
  earn(me, 240, 'study', 'lesson', '宪法');
  earn(me, 10, 'contest', 'contest-part', '一场竞赛');
  earn(me, 300, 'study', 'lesson', '去年的', Date.now() - 370 * 86_400_000);
  await page.reload();
  await expect(ring.locator('strong')).toHaveText('250');
  await expect(arc).toHaveAttribute('stroke-dasharray', '25.0 100');
  await expect(page.locator('.credits-words')).toContainText(/距 1\s000 学分还差 750 学分/);
  earn(me, 1_000, 'manual', 'manual', '补记');
  await page.reload();
  await expect(ring.locator('strong')).toHaveText(/^1\s250$/);
  await expect(arc).toHaveAttribute('stroke-dasharray', '100.0 100');
  await expect(page.locator('.credits-words')).toContainText('今年的目标已经达到');
});
