//! The seeds of the fuzz targets, replayed without a fuzzer: the same checks, on stable Rust.

#[path = "../../../../fuzz/checks/mod.rs"]
mod checks;

use std::fs;
use std::path::{Path, PathBuf};

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz")
        .join("corpus")
}

#[test]
fn every_seed_keeps_the_law_of_its_target() {
    for (name, check) in checks::ALL {
        let seeds =
            fs::read_dir(corpora().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut count = 0;
        for seed in seeds {
            let path = seed.expect("a seed").path();
            let data = fs::read(&path).expect("a seed");
            // The path is seen where a check fails.
            println!("{}", path.display());
            check(&data);
            count += 1;
        }
        assert!(count > 0, "the corpus of {name} is empty");
    }
}

#[test]
fn every_corpus_has_its_target_and_every_target_its_binary() {
    let names: Vec<&str> = checks::ALL.iter().map(|(name, _)| *name).collect();
    for folder in fs::read_dir(corpora()).expect("the corpora") {
        let name = folder
            .expect("a corpus")
            .file_name()
            .into_string()
            .expect("a name");
        assert!(
            names.contains(&name.as_str()),
            "no target for the corpus {name}"
        );
    }
    for name in names {
        let target = corpora()
            .with_file_name("fuzz_targets")
            .join(format!("{name}.rs"));
        assert!(target.exists(), "no {}", target.display());
    }
}
