//! Every rule is tested: the number of each stands in the name or the body of some test.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kms_alias::Rule;

/// The Rust files below a folder of the crate, this one left out.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.retain(|path| !path.ends_with("tests/rules.rs"));
    files
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

/// What runs as a test in a file of `tests`: all but its comments.
fn test_code(text: &str) -> String {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// What runs as a test in a file of `src`: the examples of its documentation, and its test module.
fn tests_in_source(text: &str) -> String {
    let (library, unit_tests) = text.split_once("#[cfg(test)]").unwrap_or((text, ""));
    let mut in_example = false;
    let examples = library.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))?;
        if line.trim_start().starts_with("```") {
            in_example = !in_example;
        }
        (in_example && line.contains("assert")).then_some(line)
    });
    let examples: Vec<_> = examples.collect();
    format!("{}\n{}", examples.join("\n"), test_code(unit_tests))
}

/// The words of a text, `Rule::U3` and `"U3"` among them as one each.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let part_of_word =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | ':' | '"');
    text.split(move |character| !part_of_word(character))
}

/// The rules whose numbers a text cites: `Rule::U3`, `"U3"`, or a test named `…_u3_…`.
fn cited(text: &str) -> BTreeSet<Rule> {
    let mut numbers = BTreeSet::new();
    let mut is_test = false;
    let mut before = "";
    for word in words(text) {
        if let Some(number) = word.strip_prefix("Rule::").or_else(|| unquoted(word)) {
            numbers.insert(number.to_owned());
        }
        // `#[test]` is the word `test` here; the name follows the next `fn`.
        is_test |= word == "test";
        if before == "fn" && std::mem::take(&mut is_test) {
            numbers.extend(word.split('_').map(str::to_uppercase));
        }
        if !word.is_empty() {
            before = word;
        }
    }
    let is_cited = |rule: &&Rule| numbers.contains(rule.number());
    Rule::ALL.iter().filter(is_cited).copied().collect()
}

fn unquoted(word: &str) -> Option<&str> {
    word.strip_prefix('"')?.strip_suffix('"')
}

#[test]
fn every_rule_is_cited_by_a_test() {
    let tests = files("tests")
        .into_iter()
        .map(|path| test_code(&text(&path)));
    let sources = files("src")
        .into_iter()
        .map(|path| tests_in_source(&text(&path)));
    let cited: BTreeSet<_> = tests.chain(sources).flat_map(|code| cited(&code)).collect();
    let rules: BTreeSet<_> = Rule::ALL.iter().copied().collect();
    let missing: Vec<_> = (&rules - &cited)
        .iter()
        .map(|rule| format!("{rule}: {}", rule.text()))
        .collect();
    assert!(missing.is_empty(), "no test cites\n{}", missing.join("\n"));
}

#[test]
fn a_citation_is_a_whole_number() {
    let cites = |text: &str, rule: Rule| cited(text).contains(&rule);
    assert!(cites("assert_eq!(refusal.rule(), Rule::U3);", Rule::U3));
    assert!(cites(r#"says("U3")"#, Rule::U3));
    assert!(cites("#[test]\nfn a_move_is_refused_u3() {", Rule::U3));
    assert!(cites(
        "#[test]\n#[cfg(x)]\nfn a_u3_move_is_refused_u4() {",
        Rule::U3
    ));
    assert!(cites("#[test]\nfn the_model_m() {", Rule::M));
    assert!(!cites("Rule::U31 MyRule::U3 \"U3 \" U3", Rule::U3));
    assert!(!cites("fn a_helper_u3() {", Rule::U3));
    assert!(!cites(
        "#[test]\nfn a_u30_b() {} fn helper_u3() {}",
        Rule::U3
    ));
    assert!(!cites("#[test]\nfn mm_mq() {", Rule::M));
}

#[test]
fn comments_and_the_library_cite_nothing() {
    let library = "/// Rule::U3\nconst RULE: Rule = Rule::U3;\n// assert Rule::U3";
    assert!(cited(&tests_in_source(library)).is_empty());
    let example = "/// ```\n/// assert_eq!(error.rule(), Rule::U3);\n/// ```\nRule::U4";
    assert_eq!(cited(&tests_in_source(example)), BTreeSet::from([Rule::U3]));
    let unit_test = "Rule::U4\n#[cfg(test)]\nmod tests { Rule::U3 }";
    assert_eq!(
        cited(&tests_in_source(unit_test)),
        BTreeSet::from([Rule::U3])
    );
    assert!(cited(&test_code("  // Rule::U3\n/// Rule::U3")).is_empty());
}

#[test]
fn the_files_are_found() {
    let name = |path: PathBuf| path.file_name().is_some_and(|name| name == "rule.rs");
    assert!(files("src").into_iter().any(name));
    assert!(files("tests").len() > 5);
}
