//! Assemblies of CDK beside one that runs, and stacks of which the account or the Region is not told.

use super::*;
use kms_alias_files::judge_run;

const PARIS: &str = "aws://111122223333/eu-west-3";
const VIRGINIA: &str = "aws://111122223333/us-east-1";
const UNKNOWN: &str = "aws://unknown-account/unknown-region";
const TAKEN: &str = "CreateAlias refused AlreadyExistsException";

/// A manifest of stacks: artifact, environment, name of the stack.
fn manifest(stacks: &[(&str, &str, &str)]) -> String {
    let each = stacks.iter().map(|(artifact, place, name)| {
        let properties = json!({"templateFile": format!("{artifact}.template.json"), "stackName": name});
        let stack = json!({"type": "aws:cloudformation:stack", "environment": place, "properties": properties});
        ((*artifact).to_owned(), stack)
    });
    json!({"artifacts": Value::Object(each.collect())}).to_string()
}

fn named(name: &str) -> String {
    let resources = json!({"K": key(json!({})), "A": alias(json!(name), json!({"Ref": "K"}))});
    template(resources).to_string()
}

/// The manifest and a template with this alias for each artifact.
fn assembly(stacks: &[(&str, &str, &str)], name: &str) -> Vec<(String, String)> {
    let file = |artifact: &str| format!("{artifact}.template.json");
    let templates = stacks
        .iter()
        .map(|(artifact, ..)| (file(artifact), named(name)));
    let first = ("manifest.json".to_owned(), manifest(stacks));
    [first].into_iter().chain(templates).collect()
}

fn told(
    new: &[(String, String)],
    running: &[(String, String)],
    options: Options,
) -> Result<Told, String> {
    let file = |(name, text): &'static (String, String)| File {
        name,
        bytes: text.as_bytes(),
    };
    let leak = |files: &[(String, String)]| -> Vec<File<'static>> {
        let files: &'static [(String, String)] = Vec::leak(files.to_vec());
        files.iter().map(file).collect()
    };
    let mut new = leak(new);
    let mut input = RunInput::new(new.remove(0), NOW);
    input.templates = new;
    input.deployed_templates = leak(running);
    let judged =
        judge_run(&input, Accounts::unknown(options)).map_err(|error| error.to_string())?;
    let mut told = tell(&judged.read, &judged.judgement);
    told.steps.sort_unstable();
    Ok(told)
}

#[track_caller]
fn gets(told: Result<Told, String>, exit: u8, steps: &[&str]) -> Told {
    let told = told.unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    assert_eq!((found, told.exit), (steps.to_vec(), exit));
    told
}

fn in_region(region: &str, account: Option<&str>) -> Options {
    let mut options = Options::default();
    options.region = region.parse().ok();
    options.account = account.and_then(|account| account.parse().ok());
    options
}

/// CDK deploys what has no environment to that of whoever runs it, which may be that of another stack.
#[test]
fn a_stack_without_an_environment_may_be_where_another_one_is_a6() {
    let undecided = ["C/A CreateAlias undecided", "P/A CreateAlias undecided"];
    let ok = ["C/A CreateAlias ok", "P/A CreateAlias ok"];
    for unknown in [
        UNKNOWN,
        "aws://111122223333/unknown-region",
        "aws://unknown-account/eu-west-3",
    ] {
        let stacks = assembly(&[("P", unknown, "P"), ("C", PARIS, "C")], "alias/x");
        gets(told(&stacks, &[], Options::default()), 3, &undecided);
        let here = in_region("eu-west-3", Some("111122223333"));
        gets(told(&stacks, &[], here), 1, &undecided);
    }
    for apart in [
        "aws://111122223334/unknown-region",
        "aws://unknown-account/us-east-1",
    ] {
        let stacks = assembly(&[("P", apart, "P"), ("C", PARIS, "C")], "alias/x");
        gets(told(&stacks, &[], Options::default()), 0, &ok);
    }
    let stacks = assembly(&[("P", UNKNOWN, "P"), ("C", PARIS, "C")], "alias/x");
    gets(told(&stacks, &[], in_region("us-east-1", None)), 0, &ok);
    // Names that differ are no matter.
    let mut stacks = stacks;
    stacks[1].1 = named("alias/y");
    gets(told(&stacks, &[], Options::default()), 0, &ok);
}

#[test]
fn a_running_stack_that_the_new_assembly_lacks_keeps_its_aliases_a6() {
    let new = assembly(&[("Q", PARIS, "Q")], "alias/x");
    let running = assembly(&[("P", PARIS, "P")], "alias/x");
    let told_of = told(&new, &running, Options::default());
    gets(told_of, 1, &[&format!("A {TAKEN}")]);
    let elsewhere = assembly(&[("P", VIRGINIA, "P")], "alias/x");
    gets(
        told(&new, &elsewhere, Options::default()),
        0,
        &["A CreateAlias ok"],
    );
    let unknown = assembly(&[("P", UNKNOWN, "P")], "alias/x");
    let told_of = told(&new, &unknown, Options::default());
    gets(told_of, 3, &["A CreateAlias undecided"]);
}

#[test]
fn a_stack_is_known_by_its_name_and_its_environment_a6() {
    let running = assembly(&[("P", PARIS, "old")], "alias/x");
    let new = |place, name| assembly(&[("P", place, name)], "alias/x");
    gets(
        told(&new(PARIS, "old"), &running, Options::default()),
        0,
        &[],
    );
    let renamed = told(&new(PARIS, "new"), &running, Options::default());
    gets(renamed, 1, &[&format!("A {TAKEN}")]);
    let moved = told(&new(VIRGINIA, "old"), &running, Options::default());
    gets(moved, 0, &["A CreateAlias ok"]);
    // The same stack under another artifact.
    let other = assembly(&[("Q", PARIS, "old")], "alias/x");
    gets(told(&other, &running, Options::default()), 0, &[]);
    // Whether it is the same one has to be known.
    let open = told(&new(UNKNOWN, "old"), &running, Options::default());
    let words = "manifest.json: the stack `old` runs in `aws://111122223333/eu-west-3` by this manifest, and the new one of \
                 this name in `aws://unknown-account/unknown-region`: whether it is the same stack is not known; say the \
                 account and the Region with `--account-id` and `--region`";
    assert_eq!(open, Err(words.to_owned()));
    let here = in_region("eu-west-3", Some("111122223333"));
    gets(told(&new(UNKNOWN, "old"), &running, here), 0, &[]);
    let there = in_region("us-east-1", None);
    gets(
        told(&new(UNKNOWN, "old"), &running, there),
        0,
        &["A CreateAlias ok"],
    );
}

#[test]
fn a_running_template_of_no_new_stack_may_stand_anywhere_without_a_manifest_f8() {
    let new = assembly(&[("Q", PARIS, "Q")], "alias/x");
    let running = |name: &str| Vec::from([("run/P.template.json".to_owned(), named(name))]);
    let found = gets(
        told(&new, &running("alias/x"), Options::default()),
        3,
        &["A CreateAlias undecided"],
    );
    assert_eq!(found.rules, ["F8"]);
    let found = gets(
        told(&new, &running("alias/y"), Options::default()),
        3,
        &["A CreateAlias ok"],
    );
    assert_eq!(found.rules, ["F8"]);
    // What has the name of a new template is the one that runs.
    let same = Vec::from([("run/Q.template.json".to_owned(), named("alias/x"))]);
    gets(told(&new, &same, Options::default()), 0, &[]);
}

#[test]
fn the_running_manifest_has_the_parameters_of_the_running_stacks() {
    let of = |name: &str| {
        let properties = json!({"templateFile": "P.json", "parameters": {"Name": name}});
        let stack = json!({"type": "aws:cloudformation:stack", "environment": PARIS, "properties": properties});
        let mut body = template(json!({
            "K": key(json!({})), "A": alias(json!({"Fn::Sub": "alias/${Name}"}), json!({"Ref": "K"}))
        }));
        body["Parameters"] = json!({"Name": {"Type": "String"}});
        Vec::from([
            (
                "manifest.json".to_owned(),
                json!({"artifacts": {"P": stack}}).to_string(),
            ),
            ("P.json".to_owned(), body.to_string()),
        ])
    };
    gets(told(&of("x"), &of("x"), Options::default()), 0, &[]);
    gets(
        told(&of("y"), &of("x"), Options::default()),
        0,
        &["A CreateAlias ok", "A DeleteAlias ok"],
    );
}

#[test]
fn a_running_template_that_the_running_manifest_names_has_to_be_there_f8() {
    let new = assembly(&[("Q", PARIS, "Q")], "alias/x");
    let running = Vec::from([(
        "run/manifest.json".to_owned(),
        manifest(&[("P", PARIS, "P")]),
    )]);
    let found = gets(
        told(&new, &running, Options::default()),
        3,
        &["A CreateAlias ok"],
    );
    assert_eq!(found.rules, ["F8"]);
}
