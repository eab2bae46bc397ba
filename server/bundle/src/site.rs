//! The folder that is made: hashed names, copies, compressed twins, and which earlier builds are kept.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::tools::read;

/// How many builds stay: a page that was opened before an upgrade may still ask for its files.
const KEPT_BUILDS: usize = 3;
const COMPRESSED: [&str; 10] = [
    "js",
    "wasm",
    "css",
    "svg",
    "json",
    "webmanifest",
    "vtt",
    "txt",
    "html",
    "xml",
];
const TWINS: [&str; 2] = ["br", "gz"];

/// The addresses of the files whose names carry a hash.
pub struct Assets {
    pub js: String,
    pub wasm: String,
    pub live_js: String,
    pub live_wasm: String,
    pub css: String,
    pub navigate: String,
}

impl Assets {
    fn urls(&self) -> [&str; 6] {
        [
            &self.js,
            &self.wasm,
            &self.live_js,
            &self.live_wasm,
            &self.css,
            &self.navigate,
        ]
    }
}

/// A hash over files, their names included.
#[derive(Default)]
pub struct Inputs(Sha256);

impl Inputs {
    pub fn file(&mut self, path: &Path) -> Result<()> {
        let content = read(path)?;
        self.0.update(path.to_string_lossy().as_bytes());
        self.0.update((content.len() as u64).to_le_bytes());
        self.0.update(&content);
        Ok(())
    }

    pub fn folder(&mut self, path: &Path) -> Result<()> {
        for file in files_in(path)? {
            self.file(&path.join(file))?;
        }
        Ok(())
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The folder of the site.
pub struct Site {
    root: PathBuf,
}

impl Site {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Whether the site was made from exactly these inputs and its named files are still there.
    pub fn is_current(&self, inputs: &str) -> bool {
        let stamp = fs::read_to_string(self.stamp()).unwrap_or_default();
        if stamp != inputs {
            return false;
        }
        let assets = fs::read(self.root.join("pkg/assets.json")).unwrap_or_default();
        let Ok(Value::Object(assets)) = serde_json::from_slice(&assets) else {
            return false;
        };
        assets
            .values()
            .all(|url| url.as_str().is_some_and(|url| self.path_of(url).exists()))
    }

    /// Writes `name` under `/pkg` with ten characters of its content's hash in it, and says its address.
    pub fn add_hashed(&self, name: &str, content: &[u8]) -> Result<String> {
        let url = hashed_url(name, content);
        write_with_twins(&self.path_of(&url), content)?;
        Ok(url)
    }

    /// Copies what is served as it stands, and removes copies of what is no longer there.
    pub fn copy_public(&self, public: &Path) -> Result<()> {
        let wanted: BTreeSet<PathBuf> = files_in(public)?
            .into_iter()
            .filter(|file| is_served(file))
            .collect();
        for file in &wanted {
            write_with_twins(&self.root.join(file), &read(&public.join(file))?)?;
        }
        for file in files_in(&self.root)? {
            let original = if is_twin(&file) {
                file.with_extension("")
            } else {
                file.clone()
            };
            if !file.starts_with("pkg") && !wanted.contains(&original) {
                fs::remove_file(self.root.join(&file))?;
            }
        }
        Ok(())
    }

    /// Makes this build the current one: remembers it, names it in `assets.json`, drops builds that are too old.
    pub fn publish(&self, assets: &Assets, inputs: &str) -> Result<()> {
        let record = self.root.join("pkg/builds.json");
        let earlier: Vec<Vec<String>> = fs::read(&record)
            .ok()
            .and_then(|b| serde_json::from_slice(&b).ok())
            .unwrap_or_default();
        let builds = remember(earlier, &assets.urls());
        write(&record, &serde_json::to_vec_pretty(&builds)?)?;

        let names = json!({
            "js": assets.js, "wasm": assets.wasm, "live_js": assets.live_js, "live_wasm": assets.live_wasm,
            "css": assets.css, "navigate": assets.navigate,
        });
        write(
            &self.root.join("pkg/assets.json"),
            &serde_json::to_vec_pretty(&names)?,
        )?;

        let kept: BTreeSet<PathBuf> = builds
            .iter()
            .flatten()
            .map(|url| PathBuf::from(url.trim_start_matches("/pkg/")))
            .collect();
        let pkg = self.root.join("pkg");
        for file in files_in(&pkg)? {
            let original = if is_twin(&file) {
                file.with_extension("")
            } else {
                file.clone()
            };
            if original.extension().is_none_or(|e| e != "json") && !kept.contains(&original) {
                fs::remove_file(pkg.join(&file))?;
            }
        }
        write(&self.stamp(), inputs.as_bytes())
    }

    pub fn print_sizes(&self, assets: &Assets) -> Result<()> {
        println!("{:<34} {:>10} {:>10}", "bytes", "raw", "brotli");
        for url in assets.urls() {
            let path = self.path_of(url);
            println!(
                "{url:<34} {:>10} {:>10}",
                fs::metadata(&path)?.len(),
                fs::metadata(twin(&path, "br"))?.len()
            );
        }
        Ok(())
    }

    fn path_of(&self, url: &str) -> PathBuf {
        self.root.join(url.trim_start_matches('/'))
    }

    fn stamp(&self) -> PathBuf {
        self.root.with_extension("stamp")
    }
}

fn hashed_url(name: &str, content: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let hash = &hex(&Sha256::digest(content))[..10];
    format!("/pkg/{stem}.{hash}.{extension}")
}

/// Puts a build before the earlier ones; a build that comes back moves to the front.
fn remember(mut builds: Vec<Vec<String>>, urls: &[&str]) -> Vec<Vec<String>> {
    let now: Vec<String> = urls.iter().map(|u| (*u).to_owned()).collect();
    builds.retain(|b| *b != now);
    builds.insert(0, now);
    builds.truncate(KEPT_BUILDS);
    builds
}

/// Sources among the files of `public/` stay behind: what the starter videos are made from, and what `/pkg` has already.
fn is_served(file: &Path) -> bool {
    let extension = file
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    if file.starts_with("videos") {
        return matches!(extension, "mp4" | "jpg" | "webp" | "png" | "vtt");
    }
    let hidden = file
        .components()
        .any(|c| c.as_os_str().to_string_lossy().starts_with('.'));
    !hidden && !matches!(extension, "sh" | "toml" | "md") && file != Path::new("navigate.js")
}

fn is_twin(file: &Path) -> bool {
    file.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| TWINS.contains(&e))
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// Writes a file and, where it compresses, its `.br` and `.gz`; leaves alone what is right already.
fn write_with_twins(path: &Path, content: &[u8]) -> Result<()> {
    let same = fs::read(path).is_ok_and(|old| old == content);
    let compressed = path
        .extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| COMPRESSED.contains(&e));
    let twins = TWINS.map(|t| twin(path, t));
    if same && (!compressed || twins.iter().all(|t| t.exists())) {
        return Ok(());
    }
    // An old twin must never be sent for new content, not even for a moment.
    for twin in twins.iter().filter(|t| t.exists()) {
        fs::remove_file(twin)?;
    }
    write(path, content)?;
    if compressed {
        let [br, gz] = twins;
        write(&br, &brotli(content)?)?;
        write(&gz, &gzip(content)?)?;
    }
    Ok(())
}

/// Writes a file in one step: whoever reads it sees the old content or the new.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let unfinished = twin(path, "new");
    fs::write(&unfinished, content).with_context(|| format!("writing {}", unfinished.display()))?;
    fs::rename(&unfinished, path).with_context(|| format!("writing {}", path.display()))
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut out, &params)?;
    Ok(out)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// All files under a folder, relative to it, in a fixed order.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        for entry in
            fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                walk(root, &path, found)?;
            } else {
                found.push(path.strip_prefix(root)?.to_owned());
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    type Done = Result<()>;

    fn build(site: &Site, version: &str) -> Result<Assets> {
        let assets = Assets {
            js: site.add_hashed("zhijian.js", version.as_bytes())?,
            wasm: site.add_hashed("zhijian.wasm", version.as_bytes())?,
            live_js: site.add_hashed("live.js", version.as_bytes())?,
            live_wasm: site.add_hashed("live.wasm", version.as_bytes())?,
            css: site.add_hashed("style.css", b"same in every build")?,
            navigate: site.add_hashed("navigate.js", b"same in every build")?,
        };
        site.publish(&assets, version)?;
        Ok(assets)
    }

    #[test]
    fn a_name_carries_the_hash_of_its_content() {
        assert_eq!(
            hashed_url("style.css", b"a{}"),
            hashed_url("style.css", b"a{}")
        );
        assert_ne!(
            hashed_url("style.css", b"a{}"),
            hashed_url("style.css", b"b{}")
        );
        let url = hashed_url("zhijian.wasm", b"");
        assert_eq!(url, "/pkg/zhijian.e3b0c44298.wasm");
    }

    #[test]
    fn files_lie_there_compressed_unless_they_do_not_compress() -> Done {
        let dir = tempfile::tempdir()?;
        let css = dir.path().join("a/style.css");
        let content = "p { color: red }\n".repeat(200);
        write_with_twins(&css, content.as_bytes())?;
        write_with_twins(&dir.path().join("film.mp4"), b"film")?;

        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &fs::read(twin(&css, "br"))?[..], &mut plain)?;
        assert_eq!(plain, content.as_bytes());
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&fs::read(twin(&css, "gz"))?[..])
            .read_to_string(&mut plain)?;
        assert_eq!(plain, content);
        let names: Vec<String> = files_in(dir.path())?
            .iter()
            .map(|p| p.display().to_string())
            .collect();
        assert_eq!(
            names,
            [
                "a/style.css",
                "a/style.css.br",
                "a/style.css.gz",
                "film.mp4"
            ]
        );
        Ok(())
    }

    #[test]
    fn a_compressed_twin_that_went_missing_is_made_again() -> Done {
        let dir = tempfile::tempdir()?;
        let file = dir.path().join("icon.svg");
        write_with_twins(&file, b"<svg/>")?;
        fs::remove_file(twin(&file, "br"))?;
        write_with_twins(&file, b"<svg/>")?;
        assert!(twin(&file, "br").exists());
        Ok(())
    }

    #[test]
    fn the_last_three_builds_are_kept_and_the_current_one_is_named() -> Done {
        let dir = tempfile::tempdir()?;
        let site = Site::new(&dir.path().join("site"));
        let one = build(&site, "one")?;
        let two = build(&site, "two")?;
        build(&site, "three")?;
        assert!(site.path_of(&one.js).exists());
        let four = build(&site, "four")?;

        assert!(!site.path_of(&one.js).exists());
        assert!(!twin(&site.path_of(&one.wasm), "br").exists());
        assert!(site.path_of(&two.js).exists());
        assert!(twin(&site.path_of(&four.wasm), "br").exists());
        assert!(site.path_of(&four.css).exists());
        let assets: Value = serde_json::from_slice(&fs::read(site.root.join("pkg/assets.json"))?)?;
        assert_eq!(assets["js"], four.js);
        assert_eq!(assets["wasm"], four.wasm);
        Ok(())
    }

    #[test]
    fn the_same_build_again_pushes_no_other_out() -> Done {
        let dir = tempfile::tempdir()?;
        let site = Site::new(&dir.path().join("site"));
        let one = build(&site, "one")?;
        for _ in 0..5 {
            build(&site, "two")?;
        }
        assert!(site.path_of(&one.js).exists());
        Ok(())
    }

    #[test]
    fn nothing_is_done_twice_but_a_lost_file_or_another_input_counts() -> Done {
        let dir = tempfile::tempdir()?;
        let site = Site::new(&dir.path().join("site"));
        assert!(!site.is_current("one"));
        let assets = build(&site, "one")?;
        assert!(site.is_current("one"));
        assert!(!site.is_current("two"));
        fs::remove_file(site.path_of(&assets.css))?;
        assert!(!site.is_current("one"));
        Ok(())
    }

    #[test]
    fn public_is_copied_without_sources_and_old_copies_go() -> Done {
        let dir = tempfile::tempdir()?;
        let (public, root) = (dir.path().join("public"), dir.path().join("site"));
        for file in [
            "sw.js",
            "navigate.js",
            "old.svg",
            "videos/a.mp4",
            "videos/a.html",
            "videos/make.py",
            "videos/a.toml",
            ".keep",
        ] {
            write(&public.join(file), file.as_bytes())?;
        }
        let site = Site::new(&root);
        let assets = build(&site, "one")?;
        site.copy_public(&public)?;
        fs::remove_file(public.join("old.svg"))?;
        site.copy_public(&public)?;

        let names: Vec<String> = files_in(&root)?
            .iter()
            .filter(|p| !p.starts_with("pkg"))
            .map(|p| p.display().to_string())
            .collect();
        assert_eq!(names, ["sw.js", "sw.js.br", "sw.js.gz", "videos/a.mp4"]);
        assert!(site.path_of(&assets.js).exists());
        Ok(())
    }

    #[test]
    fn inputs_tell_content_and_names_apart() -> Done {
        let dir = tempfile::tempdir()?;
        let hash = |content: &str| -> Result<String> {
            write(&dir.path().join("a.css"), content.as_bytes())?;
            let mut inputs = Inputs::default();
            inputs.folder(dir.path())?;
            Ok(inputs.finish())
        };
        let first = hash("one")?;
        assert_ne!(first, hash("two")?);
        assert_eq!(first, hash("one")?);
        write(&dir.path().join("b.css"), b"")?;
        assert_ne!(first, hash("one")?);
        Ok(())
    }
}
