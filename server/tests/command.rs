//! The command line as scripts call it: exit 0 done, 1 not done with the reason on stderr, 2 wrong usage.

use std::path::Path;
use std::process::{Command, Output};

fn zhijian(database: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhijian"))
        .args(words)
        .args(["--database", database])
        .output()
        .expect("zhijian")
}

fn at(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn reason(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_check_of_a_database_that_is_not_there_is_not_done_and_makes_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("below/mistyped.db");
    let output = zhijian(&at(&file), &["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(reason(&output).contains("no database"), "{output:?}");
    assert!(!folder.path().join("below").exists());
}

#[test]
fn an_address_that_names_no_database_is_wrong_usage_and_is_not_repeated() {
    let output = zhijian("mysql://me:secret@host/name", &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(reason(&output).contains("sqlite:PATH"), "{output:?}");
    assert!(!reason(&output).contains("secret"), "{output:?}");
}

#[test]
fn an_import_that_refuses_a_file_says_so_on_stderr_and_keeps_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let laws = folder.path().join("laws");
    std::fs::create_dir(&laws).expect("a folder");
    let good = "# 甲法\n\n<!-- INFO END -->\n\n第一条 内容。\n";
    std::fs::write(laws.join("good.md"), good).expect("a file");
    std::fs::write(laws.join("empty.md"), "").expect("a file");
    let database = at(&folder.path().join("laws.db"));
    let dir = laws.to_str().expect("a path");
    for format in [
        &["import", "laws", dir][..],
        &["import", "laws", dir, "--json"],
    ] {
        let output = zhijian(&database, format);
        assert_eq!(output.status.code(), Some(1));
        assert!(reason(&output).contains("1 of 2 files"), "{output:?}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("empty.md"), "{said}");
        // No bar in a pipe.
        assert!(!reason(&output).contains(['\r', '\u{1b}']), "{output:?}");
        assert!(
            format.len() > 3 || said.contains("empty.md: refused: the file is empty"),
            "{said}"
        );
    }
    assert_eq!(zhijian(&database, &["check"]).status.code(), Some(0));
}

#[test]
fn starter_content_goes_into_an_empty_database_only_unless_that_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = at(&folder.path().join("demo.db"));
    let demo = |words: &[&str]| zhijian(&database, words).status.code();
    assert_eq!(demo(&["demo"]), Some(0));
    assert_eq!(demo(&["demo"]), Some(1));
    let file = folder.path().join("demo.db");
    let before = std::fs::read(&file).expect("the database");
    let began = std::time::Instant::now();
    assert_eq!(demo(&["demo", "--if-empty"]), Some(0));
    assert!(began.elapsed().as_secs() < 5);
    // Not a byte of it, and nothing that waits to be written into it.
    assert_eq!(std::fs::read(&file).expect("the database"), before);
    let waits = std::fs::metadata(folder.path().join("demo.db-wal"));
    assert!(waits.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound));
    assert_eq!(demo(&["check"]), Some(0));
}
