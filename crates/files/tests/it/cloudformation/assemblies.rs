//! Assemblies of CDK: their stages, and the parameters that a manifest has for a stack.

use super::*;
use kms_alias_files::judge_run;

fn stack(place: &str, file: &str, more: Value) -> Value {
    let mut properties = json!({"templateFile": file});
    for (name, value) in more.as_object().expect("an object") {
        properties[name] = value.clone();
    }
    json!({"type": "aws:cloudformation:stack", "environment": place, "properties": properties})
}

fn stage(folder: &str, dependencies: &[&str]) -> Value {
    json!({"type": "cdk:cloud-assembly", "properties": {"directoryName": folder},
        "dependencies": dependencies})
}

/// What comes of an assembly of these files, of which the first is the manifest; of the running
/// templates, and of parameters that are handed in.
fn said(
    files: &[(&str, &Value)],
    deployed: &[(&str, &Value)],
    parameters: &[(&str, &str)],
) -> Result<Told, String> {
    let texts = |files: &[(&str, &Value)]| {
        let each = files.iter();
        each.map(|(name, value)| ((*name).to_owned(), value.to_string()))
            .collect::<Vec<_>>()
    };
    let (files, deployed) = (texts(files), texts(deployed));
    let mut all = files.iter().map(|(name, text)| File {
        name,
        bytes: text.as_bytes(),
    });
    let mut input = RunInput::new(all.next().expect("a manifest"), NOW);
    input.templates = all.collect();
    let old = deployed.iter().map(|(name, text)| File {
        name,
        bytes: text.as_bytes(),
    });
    input.deployed_templates = old.collect();
    let given = parameters.iter();
    input.parameters = given
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    let judged = judge_run(&input, Accounts::unknown(Options::default()));
    let told = judged.map(|judged| tell(&judged.read, &judged.judgement));
    told.map_err(|error| error.to_string())
}

#[track_caller]
fn gets(told: Result<Told, String>, exit: u8, steps: &[&str]) {
    let told = told.unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    assert_eq!((found, told.exit), (steps.to_vec(), exit));
}

const PARIS: &str = "aws://111122223333/eu-west-3";
const OREGON: &str = "aws://111122223333/us-west-2";

/// A stack whose alias has the name of the parameter `Name`.
fn named() -> Value {
    let mut named = template(json!({
        "K": key(json!({})), "A": alias(json!({"Fn::Sub": "alias/${Name}"}), json!({"Ref": "K"}))
    }));
    named["Parameters"] = json!({"Name": {"Type": "String"}});
    named
}

#[test]
fn the_manifest_has_parameters_for_its_stacks() {
    let of = |name: &str| json!({"artifacts": {"App": stack(PARIS, "App.json", json!({"parameters": {"Name": name}}))}});
    let with = |name: &str, given: &[(&str, &str)]| {
        said(
            &[("manifest.json", &of(name)), ("App.json", &named())],
            &[],
            given,
        )
    };
    gets(with("x", &[]), 0, &["A CreateAlias ok"]);
    let refused = ["A CreateAlias refused InvalidAliasNameException"];
    gets(with("aws/x", &[]), 1, &refused);
    // What is given otherwise wins.
    gets(with("aws/x", &[("Name", "x")]), 0, &["A CreateAlias ok"]);
    gets(with("x", &[("Name", "aws/x")]), 1, &refused);
    let manifest = json!({"artifacts": {"App": stack(PARIS, "App.json", json!({"parameters": {"Nam": "x"}}))}});
    assert_eq!(
        said(&[("m.json", &manifest), ("App.json", &named())], &[], &[]),
        Err("m.json: the manifest, for the stack `App`, names the parameter `Nam`, which the template does not have: it \
             has `Name`; did you mean `Name`?"
            .to_owned())
    );
    // The running stack may have had another value.
    let running = [("App.json", &named())];
    let told = said(
        &[("manifest.json", &of("x")), ("App.json", &named())],
        &running,
        &[],
    );
    gets(told, 0, &["A CreateAlias ok", "A DeleteAlias ok"]);
}

#[test]
fn stages_are_judged_each_in_its_own_place_a6() {
    let manifest = json!({"artifacts": {
        "Dev": stage("assembly-Dev", &[]), "Prod": stage("assembly-Prod", &["Dev"]),
        "Last": stack(PARIS, "App.json", json!({"stackName": "last", "parameters": {"Name": "dev"}}))
    }});
    let mut manifest = manifest;
    manifest["artifacts"]["Last"]["dependencies"] = json!(["Prod"]);
    let inner = |place: &str, name: &str| {
        let properties = json!({"stackName": "app", "parameters": {"Name": name}});
        json!({"artifacts": {"App": stack(place, "App.json", properties)}})
    };
    let of = |prod: Value| {
        let app = named();
        let dev = inner(PARIS, "dev");
        let files = [
            ("out/manifest.json", &manifest),
            ("out/assembly-Dev/manifest.json", &dev),
            ("out/assembly-Dev/App.json", &app),
            ("out/assembly-Prod/manifest.json", &prod),
            ("out/assembly-Prod/App.json", &app),
            ("out/App.json", &app),
        ];
        said(&files, &[], &[])
    };
    let taken = "CreateAlias refused AlreadyExistsException";
    let ok = |address: &str| format!("{address} CreateAlias ok");
    let last = format!("last/A {taken}");
    let mut elsewhere = of(inner(OREGON, "dev")).unwrap_or_else(|error| panic!("{error}"));
    elsewhere.steps.sort_unstable();
    assert_eq!(
        elsewhere.steps,
        [ok("Dev/App/A"), ok("Prod/App/A"), last.clone()]
    );
    let mut same = of(inner(PARIS, "dev")).unwrap_or_else(|error| panic!("{error}"));
    same.steps.sort_unstable();
    assert_eq!(
        same.steps,
        [ok("Dev/App/A"), format!("Prod/App/A {taken}"), last]
    );
}

#[test]
fn an_assembly_inside_another_is_told_where_its_manifest_is_not_there_f8() {
    let manifest = json!({"artifacts": {"Dev": stage("assembly-Dev", &[])}});
    let told = said(&[("manifest.json", &manifest)], &[], &[]);
    let told = told.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((told.exit, told.rules), (3, vec!["F8".to_owned()]));
}

#[test]
fn an_export_is_that_of_the_own_account_and_region_u3() {
    let manifest = json!({"artifacts": {
        "Far": stack(OREGON, "Far.json", json!({})), "Near": stack(PARIS, "Near.json", json!({})),
        "App": stack(PARIS, "App.json", json!({}))
    }});
    let mut manifest = manifest;
    manifest["artifacts"]["App"]["dependencies"] = json!(["Near", "Far"]);
    let keys = |properties: Value| {
        let mut keys = template(json!({"K": key(properties)}));
        let value = json!({"Fn::GetAtt": ["K", "Arn"]});
        keys["Outputs"] = json!({"Out": {"Value": value, "Export": {"Name": "key"}}});
        keys
    };
    let (far, near) = (keys(json!({})), keys(json!({})));
    let app = template(json!({"A": alias(json!("alias/x"), json!({"Fn::ImportValue": "key"}))}));
    let files = [
        ("manifest.json", &manifest),
        ("Far.json", &far),
        ("Near.json", &near),
        ("App.json", &app),
    ];
    gets(said(&files, &[], &[]), 0, &["A CreateAlias ok"]);
    let mut none = near.clone();
    none["Outputs"] = json!({});
    let files = [
        ("manifest.json", &manifest),
        ("Far.json", &far),
        ("Near.json", &none),
        ("App.json", &app),
    ];
    gets(said(&files, &[], &[]), 3, &["A CreateAlias undecided"]);
}

/// Nobody says that the one stack depends on the other, but what it imports is there only after that.
#[test]
fn a_stack_runs_after_those_whose_keys_it_imports_t1() {
    let manifest = json!({"artifacts": {
        "App": stack(PARIS, "App.json", json!({})), "Keys": stack(PARIS, "Keys.json", json!({}))
    }});
    let of = |export: &str, import: &str| {
        let mut of = template(json!({
            "K": key(json!({})), "A": alias(json!(format!("alias/{import}")), json!({"Fn::ImportValue": import}))
        }));
        let value = json!({"Fn::GetAtt": ["K", "Arn"]});
        of["Outputs"] = json!({"Out": {"Value": value, "Export": {"Name": export}}});
        of
    };
    let said = |keys: &Value, app: &Value| {
        said(
            &[
                ("manifest.json", &manifest),
                ("App.json", app),
                ("Keys.json", keys),
            ],
            &[],
            &[],
        )
    };
    let mut keys = of("key", "other");
    keys["Resources"]["A"] = key(json!({}));
    gets(
        said(&keys, &of("other", "key")),
        0,
        &["App/A CreateAlias ok"],
    );
    // Of two that import from each other neither can be the first.
    let both = said(&of("key", "other"), &of("other", "key")).expect("steps");
    assert_eq!(both.steps.len(), 2);
}

#[test]
fn an_assembly_is_its_stacks_with_their_places_and_exports() {
    let manifest = json!({"version": "36.0.0", "artifacts": {
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        "Keys": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-3",
            "properties": {"templateFile": "Keys.template.json"}},
        "App": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-3",
            "properties": {"templateFile": "App.template.json", "stackName": "app"}, "dependencies": ["Keys"]},
        "Far": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": "Far.template.json"}}
    }});
    let mut keys = template(
        json!({"Key": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "Key"}))}),
    );
    keys["Outputs"] =
        json!({"Out": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}, "Export": {"Name": "Keys:Key"}}});
    let app = template(json!({
        "A": alias(json!({"Fn::Sub": "alias/${AWS::StackName}"}), json!({"Fn::ImportValue": "Keys:Key"})),
        "B": alias(json!("alias/x"), json!({"Fn::ImportValue": "Keys:Key"}))
    }));
    let far =
        template(json!({"K": key(json!({})), "C": alias(json!("alias/x"), json!({"Ref": "K"}))}));
    let texts = [
        manifest.to_string(),
        keys.to_string(),
        app.to_string(),
        far.to_string(),
    ];
    let file = |index: usize, name| File {
        name,
        bytes: texts[index].as_bytes(),
    };
    let mut input = RunInput::new(file(0, "cdk.out/manifest.json"), NOW);
    let error = read_run(&input, &mut Accounts::default()).expect_err("no template");
    assert!(
        error
            .to_string()
            .contains("the template `App.template.json` of the stack `App`, which the manifest names, is not among the files: run")
    );
    input.templates = vec![
        file(1, "cdk.out/Keys.template.json"),
        file(2, "cdk.out/App.template.json"),
        file(3, "Far.template.json"),
    ];
    let mut accounts = Accounts::default();
    let read = read_run(&input, &mut accounts).unwrap_or_else(|error| panic!("{error}"));
    let told = tell(&read, &judge(&read.run, accounts.into_knowledge()));
    for expected in [
        "Keys/A CreateAlias ok",
        "app/A CreateAlias ok",
        "B CreateAlias refused AlreadyExistsException",
    ] {
        assert!(
            told.steps.iter().any(|step| step == expected),
            "{expected}: {told:?}"
        );
    }
}
