//! `bundle`: makes `target/site` out of the compiled wasm, `style/` and `public/`.
//!
//! Six files get a name that carries the hash of their content, so that browsers may keep them for ever:
//! the wasm of the two modules, the JavaScript that loads each, the style sheet and `navigate.js`. What they are called now stands in
//! `pkg/assets.json`, which is written after everything that it names. The rest of `public/` is copied as it is.
//! Every file that compresses lies there as brotli and gzip too. Nothing is done when nothing changed.

mod site;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;

use site::{Inputs, Site};

#[derive(Parser)]
#[command(
    name = "bundle",
    about = "Makes the folder that the server sends files from"
)]
struct Args {
    /// The compiled wasm of the crate `app`
    #[arg(
        long,
        default_value = "target/wasm/wasm32-unknown-unknown/wasm-release/app.wasm"
    )]
    wasm: PathBuf,
    /// The same with the islands of a live match in the place of all others
    #[arg(
        long,
        default_value = "target/wasm/wasm32-unknown-unknown/wasm-release/live.wasm"
    )]
    live: PathBuf,
    /// What is served as it stands
    #[arg(long, default_value = "public")]
    public: PathBuf,
    /// The style sheet that imports all others
    #[arg(long, default_value = "style/main.css")]
    style: PathBuf,
    /// Where to put it all
    #[arg(long, default_value = "target/site")]
    out: PathBuf,
    /// Where npm put wasm-opt, lightningcss and esbuild
    #[arg(long, default_value = "end2end/node_modules/.bin")]
    tools: PathBuf,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let started = Instant::now();

    let inputs = fingerprint(args)?;
    let site = Site::new(&args.out);
    if site.is_current(&inputs) {
        println!("{} is up to date", args.out.display());
        return Ok(());
    }

    let work = args.out.with_extension("work");
    tools::fresh_dir(&work)?;

    let (js, wasm) = module(args, &site, &work, "zhijian", &args.wasm)?;
    let (live_js, live_wasm) = module(args, &site, &work, "live", &args.live)?;
    let css = site.add_hashed("style.css", &tools::style(&args.tools, &args.style, &work)?)?;
    let navigate = site.add_hashed(
        "navigate.js",
        &tools::minify_js(&args.tools, &args.public.join("navigate.js"), &work)?,
    )?;
    site.copy_public(&args.public)?;

    let assets = site::Assets {
        js,
        wasm,
        live_js,
        live_wasm,
        css,
        navigate,
    };
    site.publish(&assets, &inputs)?;
    std::fs::remove_dir_all(&work).with_context(|| format!("removing {}", work.display()))?;

    site.print_sizes(&assets)?;
    println!(
        "{} made in {:.1} s",
        args.out.display(),
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Makes the two files of a module and says their addresses: the JavaScript, then the wasm.
fn module(
    args: &Args,
    site: &Site,
    work: &Path,
    name: &str,
    wasm: &Path,
) -> Result<(String, String)> {
    tools::wasm_bindgen(wasm, name, work)?;
    let small = tools::wasm_opt(&args.tools, name, work)?;
    let wasm = site.add_hashed(&format!("{name}.wasm"), &small)?;
    tools::name_wasm_in_js(name, work, &wasm)?;
    let source = work.join(format!("{name}.js"));
    let js = tools::bundle_js(&args.tools, &source, work)?;
    Ok((site.add_hashed(&format!("{name}.js"), &js)?, wasm))
}

/// Hashes all that the site is made from, this program and the list of npm tools among it.
fn fingerprint(args: &Args) -> Result<String> {
    let mut inputs = Inputs::default();
    for wasm in [&args.wasm, &args.live] {
        inputs
            .file(wasm)
            .with_context(|| format!("no wasm at {}: build it first", wasm.display()))?;
    }
    inputs.folder(args.style.parent().unwrap_or(Path::new(".")))?;
    inputs.folder(&args.public)?;
    inputs.file(&std::env::current_exe()?)?;
    let lock = args.tools.join("../../package-lock.json");
    if lock.exists() {
        inputs.file(&lock)?;
    }
    Ok(inputs.finish())
}
