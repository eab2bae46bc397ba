//! What cargo-leptos is told in Cargo.toml is true of this workspace. It is not run here: to compile it
//! takes half an hour, and `make` does its work.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn workspace() -> Value {
    let cargo = std::env::var_os("CARGO").expect("run by cargo");
    let out = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo ran");
    serde_json::from_slice(&out.stdout).expect("JSON")
}

/// The word of a list that `of` finds.
fn find<'a>(list: &'a Value, key: &str, is: &Value) -> &'a Value {
    let mut all = list.as_array().expect("a list").iter();
    all.find(|one| one[key] == *is)
        .unwrap_or_else(|| panic!("no {key} is {is}"))
}

#[test]
fn the_programs_packages_features_and_files_that_cargo_leptos_is_told_are_there() {
    let workspace = workspace();
    let told = &workspace["metadata"]["leptos"][0];
    let root = Path::new(workspace["workspace_root"].as_str().expect("a path"));
    for file in ["style-file", "assets-dir"] {
        let path = root.join(told[file].as_str().expect("a path"));
        assert!(path.exists(), "{file}: {}", path.display());
    }
    let package = |name: &str| find(&workspace["packages"], "name", &told[name]);
    let server = find(
        &package("bin-package")["targets"],
        "name",
        &told["bin-target"],
    );
    assert_eq!(server["kind"], serde_json::json!(["bin"]));
    let app = package("lib-package");
    let library = find(&app["targets"], "name", &told["lib-package"]);
    let kinds = library["crate_types"].as_array().expect("a list");
    assert!(kinds.contains(&"cdylib".into()), "{kinds:?}");
    let features = told["lib-features"].as_array().expect("a list");
    for feature in features {
        let name = feature.as_str().expect("a name");
        assert!(app["features"].get(name).is_some(), "{name}");
    }
    assert_eq!(told["lib-default-features"], false);
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("Cargo.toml");
    let profile = told["lib-profile-release"].as_str().expect("a name");
    assert!(
        manifest.contains(&format!("[profile.{profile}]")),
        "{profile}"
    );
}
