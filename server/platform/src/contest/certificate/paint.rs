//! Pixels of a certificate, made beside the requests and never in their way.
//!
//! The rule guarded here: whoever asks for pictures, and however often, answers of contests do not
//! wait. Drawing and painting happen on threads of their own, one painting at a time; the same
//! picture is painted once for all who ask for it meanwhile, the last ones are kept, and who finds
//! [`QUEUE`] others waiting is told to come back. Start at [`draw`], then [`paint`].

use super::picture::{SHEET, Wording, svg};
use crate::{Error, Result};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Pictures that may wait for the painter.
pub const QUEUE: usize = 32;
/// Pictures that are kept, in bytes.
const KEPT: u64 = 8 << 20;
/// About as many pictures as that.
const KEPT_PICTURES: usize = 64;

/// A sheet as it is drawn.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The drawing, as SVG.
    pub svg: String,
    /// What tells it from every other one.
    pub fingerprint: String,
}

/// Draws a sheet, on a thread of its own.
///
/// # Errors
/// [`Error::Fault`] when the address is too long for a code to scan.
pub async fn draw(wording: Wording) -> Result<Drawing> {
    let task = tokio::task::spawn_blocking(move || {
        let svg = svg(&wording)?;
        let digest = Sha256::digest(svg.as_bytes());
        let letters = digest[..12].iter().map(|byte| format!("{byte:02x}"));
        Ok(Drawing {
            fingerprint: letters.collect(),
            svg,
        })
    });
    task.await.map_err(|e| Error::Fault(e.into()))?
}

#[derive(Clone)]
struct Size;

impl Weighter<String, Arc<[u8]>> for Size {
    fn weight(&self, _: &String, png: &Arc<[u8]>) -> u64 {
        png.len() as u64
    }
}

type Pictures = Cache<String, Arc<[u8]>, Size>;

/// The painter of this process.
static PAINTER: LazyLock<Painter> = LazyLock::new(|| Painter::new(QUEUE));

struct Painter {
    kept: Pictures,
    waiting: Arc<AtomicUsize>,
    limit: usize,
    /// One picture at a time, so that a core is left for answers.
    brush: Arc<Semaphore>,
}

/// A place in the queue, free again when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Painter {
    fn new(limit: usize) -> Self {
        Self {
            kept: Cache::with_weighter(KEPT_PICTURES, KEPT, Size),
            waiting: Arc::default(),
            limit,
            brush: Arc::new(Semaphore::new(1)),
        }
    }

    async fn picture(&self, drawing: Drawing) -> Result<Arc<[u8]>> {
        let Drawing { svg, fingerprint } = drawing;
        self.kept
            .get_or_insert_async(&fingerprint, self.painted(svg))
            .await
    }

    async fn painted(&self, svg: String) -> Result<Arc<[u8]>> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(self.waiting.clone());
        if before >= self.limit {
            return Err(Error::Busy(before));
        }
        let brush = self.brush.clone().acquire_owned().await;
        let brush = brush.map_err(|e| Error::Fault(e.into()))?;
        // Both move along: dropped with the request they would free a core that still paints.
        let task = tokio::task::spawn_blocking(move || {
            let png = pixels(&svg);
            drop((brush, place));
            png
        });
        let png = task.await.map_err(|e| Error::Fault(e.into()))??;
        Ok(png.into())
    }
}

/// Makes a PNG of a drawing, or hands out the one that was made.
///
/// # Errors
/// [`Error::Busy`] when [`QUEUE`] pictures wait already, [`Error::Fault`] when it can not be
/// painted.
pub async fn paint(drawing: Drawing) -> Result<Arc<[u8]>> {
    PAINTER.picture(drawing).await
}

fn pixels(svg: &str) -> anyhow::Result<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default())?;
    let mut sheet = Pixmap::new(SHEET.0, SHEET.1).ok_or_else(|| anyhow::anyhow!("no sheet"))?;
    resvg::render(&tree, Transform::identity(), &mut sheet.as_mut());
    Ok(sheet.encode_png()?)
}

#[cfg(test)]
mod tests {
    use super::super::picture::tests::wording;
    use super::*;
    use futures_util::future::join_all;
    use std::time::Instant;

    async fn drawn(name: &str) -> Drawing {
        let named = Wording {
            name: name.into(),
            ..wording()
        };
        draw(named).await.expect("a drawing")
    }

    #[tokio::test]
    async fn a_picture_is_painted_once_for_all_who_ask() {
        let painter = Painter::new(1);
        let one = drawn("王小明").await;
        // Fifty at once, where one may wait.
        let all = join_all((0..50).map(|_| painter.picture(one.clone()))).await;
        let all: Vec<_> = all.into_iter().map(|p| p.expect("a picture")).collect();
        assert!(all[0].starts_with(b"\x89PNG"));
        assert!(all.iter().all(|png| Arc::ptr_eq(png, &all[0])));
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_so_and_the_queue_empties() {
        let painter = Painter::new(2);
        let mut drawings = Vec::new();
        for name in ["甲", "乙", "丙", "丁"] {
            drawings.push(drawn(name).await);
        }
        let all = join_all(drawings.iter().map(|d| painter.picture(d.clone()))).await;
        let busy = |p: &&Result<_>| matches!(p, Err(Error::Busy(_)));
        assert_eq!(all.iter().filter(busy).count(), 2);
        assert_eq!(painter.waiting.load(Ordering::Relaxed), 0);
        assert!(painter.picture(drawings[3].clone()).await.is_ok());
    }

    #[tokio::test]
    async fn another_name_is_another_picture() {
        let (one, other) = (drawn("王小明").await, drawn("王大明").await);
        assert_ne!(one.fingerprint, other.fingerprint);
        assert_eq!(one.fingerprint, drawn("王小明").await.fingerprint);
    }

    /// Prints sizes and times, and writes pictures to look at:
    /// `ZHIJIAN_PICTURES=FOLDER cargo test -p platform certificate -- --ignored --nocapture`.
    #[tokio::test]
    #[ignore = "to be looked at"]
    async fn pictures_to_look_at() {
        let folder = std::env::var("ZHIJIAN_PICTURES").expect("ZHIJIAN_PICTURES");
        let short = Wording {
            title: "宪法知识竞赛".into(),
            unit: "司法局".into(),
            name: "王＊".into(),
            attests: "参加本次竞赛并作答".into(),
            honour: "特发此证".into(),
            heading: "参赛证书".into(),
            note: String::new(),
            ..wording()
        };
        let odd = Wording {
            name: "阿卜杜热合曼·买买提吐尔逊𰻞".into(),
            honour: "第一名".into(),
            ..wording()
        };
        for (name, wording) in [("long", wording()), ("short", short), ("odd", odd)] {
            let began = Instant::now();
            let drawing = draw(wording).await.expect("a drawing");
            let drawn_after = began.elapsed();
            let png = paint(drawing.clone()).await.expect("a picture");
            println!(
                "{name}: svg {} bytes in {drawn_after:?}, png {} bytes in {:?}",
                drawing.svg.len(),
                png.len(),
                began.elapsed() - drawn_after
            );
            std::fs::write(format!("{folder}/{name}.svg"), drawing.svg).expect("a file");
            std::fs::write(format!("{folder}/{name}.png"), png).expect("a file");
        }
    }
}
