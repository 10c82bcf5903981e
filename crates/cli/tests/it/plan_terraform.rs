//! What `plan --as terraform` prints.

use crate::plan::plan;
use crate::program;

use program::{file, folder};
use serde_json::Value;

/// Each alias that stays has its `import` and the key that it is to have, each that goes has them with the key that it has.
#[test]
fn its_blocks_of_terraform_name_every_alias_once() {
    let (code, blocks, said) = plan(&["--as", "terraform", "--prune"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (_, changes, _) = plan(&["--json", "--prune"]);
    let changes: Vec<Value> = serde_json::from_str(&changes).expect("JSON");
    let names = |operation: &str| {
        let of = changes.iter().filter_map(|change| change.get(operation));
        let names = of.filter_map(|members| members["AliasName"].as_str());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let (made, moved, gone) = (
        names("CreateAlias"),
        names("UpdateAlias"),
        names("DeleteAlias"),
    );
    assert!(
        !made.is_empty() && !moved.is_empty() && !gone.is_empty(),
        "{changes:?}"
    );
    let count = |words: &str| blocks.matches(words).count();
    for name in made.union(&moved) {
        assert_eq!(
            count(&format!("  name          = \"{name}\"\n")),
            1,
            "{name} in {blocks}"
        );
    }
    // What is deleted and made again stands, and is imported too; so is what goes, as Terraform deletes
    // nothing that is not in its state.
    let standing = moved.len() + gone.len();
    assert_eq!(count("\nimport {\n"), standing, "{blocks}");
    let leaving = gone.difference(&made).count();
    assert_eq!(count(" goes, by two applies"), leaving, "{blocks}");
}

/// Terraform imports nothing into an address that its configuration lacks, and a `removed` block deletes nothing that
/// is not in its state: what goes is imported with its present key by a first apply, and deleted by a second one (rule
/// D1).
#[test]
fn an_alias_that_goes_is_imported_by_a_first_apply_and_deleted_by_a_second() {
    let folder = folder("plan-terraform-two-stages");
    let account = file(
        &folder,
        "account.json",
        r#"{"Aliases": [{"AliasName": "alias/old", "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/old",
            "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}]}"#,
    );
    let wanted = file(&folder, "wanted.json", "{}");
    let (code, blocks, said) = plan(&[
        "--account",
        &account,
        "--wanted",
        &wanted,
        "--as",
        "terraform",
        "--prune",
    ]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    for words in [
        "# alias/old goes, by two applies",
        "before the second one, delete these two blocks.\n",
        "\nimport {\n  to = aws_kms_alias.old\n  id = \"alias/old\"\n}\n",
        "  target_key_id = \"1234abcd-12ab-34cd-56ef-1234567890ab\"\n",
    ] {
        assert!(blocks.contains(words), "no {words} in {blocks}");
    }
    for words in ["terraform import", "removed"] {
        assert!(!blocks.contains(words), "{words} in {blocks}");
    }
}
