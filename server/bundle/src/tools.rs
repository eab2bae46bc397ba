//! The tools that do the work: wasm-bindgen as a library, wasm-opt, lightningcss and esbuild as programs from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

/// What Chrome from 91 and Safari from 14.1 understand. Never `--all-features`: that writes imports which Chromium refuses.
const WASM_OPT: [&str; 10] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

/// Reads a file; an error names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// Makes an empty folder, whatever stood there before.
pub fn fresh_dir(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("removing {}", path.display()))?;
    }
    fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))
}

/// What wasm-bindgen calls the wasm of a module.
fn wasm_name(name: &str) -> String {
    format!("{name}_bg.wasm")
}

/// Writes the JavaScript and the wasm of a module into `work`.
pub fn wasm_bindgen(wasm: &Path, name: &str, work: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(name)
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    ensure!(
        output.npm_dependencies().is_empty(),
        "the wasm wants npm packages ({:?}); the page loads one file of JavaScript and no more",
        output.npm_dependencies().keys()
    );
    output.emit(work).context("wasm-bindgen")
}

/// Makes the wasm of a module in `work` smaller, in place, and reads it.
pub fn wasm_opt(tools: &Path, name: &str, work: &Path) -> Result<Vec<u8>> {
    let (wasm, small) = (work.join(wasm_name(name)), work.join("small.wasm"));
    run(Command::new(tool(tools, "wasm-opt")?)
        .args(WASM_OPT)
        .arg(&wasm)
        .arg("-o")
        .arg(&small))?;
    fs::rename(small, &wasm)?;
    read(&wasm)
}

/// Puts the wasm's hashed name into the JavaScript that loads it: both lie in `/pkg`, so the last part is enough.
pub fn name_wasm_in_js(name: &str, work: &Path, url: &str) -> Result<()> {
    let hashed = url.rsplit('/').next().unwrap_or(url);
    let path = work.join(format!("{name}.js"));
    let js = String::from_utf8(read(&path)?)?;
    let wasm = wasm_name(name);
    ensure!(
        js.contains(&wasm),
        "wasm-bindgen's JavaScript does not name {wasm}"
    );
    fs::write(path, js.replace(&wasm, hashed))?;
    Ok(())
}

/// Minifies a module together with all that it imports (wasm-bindgen's snippets), or fails: the page loads one file.
pub fn bundle_js(tools: &Path, source: &Path, work: &Path) -> Result<Vec<u8>> {
    esbuild(tools, source, work, &["--bundle", "--format=esm"])
}

/// Minifies a script; what it imports when it runs stays an address.
pub fn minify_js(tools: &Path, source: &Path, work: &Path) -> Result<Vec<u8>> {
    esbuild(tools, source, work, &[])
}

fn esbuild(tools: &Path, source: &Path, work: &Path, how: &[&str]) -> Result<Vec<u8>> {
    let out = work.join("out.js");
    run(Command::new(tool(tools, "esbuild")?)
        .arg(source)
        .args(how)
        .args([
            "--minify",
            "--target=es2020",
            "--log-level=warning",
            "--legal-comments=none",
        ])
        .arg(format!("--outfile={}", out.display())))?;
    read(&out)
}

/// One minified style sheet out of the one that imports the others.
pub fn style(tools: &Path, source: &Path, work: &Path) -> Result<Vec<u8>> {
    let out = work.join("style.css");
    run(Command::new(tool(tools, "lightningcss")?)
        .args(["--bundle", "--minify", "--targets", "chrome 90, safari 14"])
        .arg(source)
        .arg("--output-file")
        .arg(&out))?;
    read(&out)
}

fn tool(tools: &Path, name: &str) -> Result<PathBuf> {
    let path = tools.join(name);
    if !path.exists() {
        bail!("{} is missing: run make tools", path.display());
    }
    Ok(path)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
