//! Nested stacks whose templates are files beside the one that has them.

use super::*;
use kms_alias_files::{judge_run, nested_templates};

pub(super) type Files<'f> = &'f [(&'f str, Value)];

/// What comes of a template, the first of these files, or of an assembly; of the running ones, and of parameters.
pub(super) fn said(
    new: Files<'_>,
    old: Files<'_>,
    parameters: &[(&str, &str)],
) -> Result<Told, String> {
    let texts = |files: Files<'_>| -> Vec<(String, String)> {
        let each = files.iter();
        each.map(|(name, value)| ((*name).to_owned(), value.to_string()))
            .collect()
    };
    let (new, old) = (texts(new), texts(old));
    let files = |texts: &'static [(String, String)]| {
        let each = texts.iter().map(|(name, text)| File {
            name,
            bytes: text.as_bytes(),
        });
        each.collect::<Vec<_>>()
    };
    let mut new = files(new.leak()).into_iter();
    let mut input = RunInput::new(new.next().expect("a file"), NOW);
    input.templates = new.collect();
    let mut old = files(old.leak()).into_iter();
    if input.file.name.ends_with("manifest.json") {
        input.deployed_templates = old.collect();
    } else {
        input.deployed = old.next();
        input.deployed_templates = old.collect();
    }
    let each = parameters.iter();
    input.parameters = each
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    let judged = judge_run(&input, Accounts::unknown(Options::default()));
    let told = judged.map(|judged| tell(&judged.read, &judged.judgement));
    told.map_err(|error| error.to_string())
}

#[track_caller]
pub(super) fn gets(told: Result<Told, String>, exit: u8, steps: &[&str]) {
    let told = told.unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    assert_eq!((found, told.exit), (steps.to_vec(), exit), "{told:?}");
}

pub(super) fn stack(url: &str, parameters: Value) -> Value {
    json!({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": parameters}})
}

/// A template whose alias has the name and the key that its parameters say.
pub(super) fn of_parameters() -> Value {
    let mut inner = template(json!({"A": alias(json!({"Ref": "Name"}), json!({"Ref": "Key"}))}));
    inner["Parameters"] = json!({"Name": {"Type": "String"}, "Key": {"Type": "String"}});
    inner
}

/// A template with a key and its alias, which tells its key.
pub(super) fn with_a_key() -> Value {
    let mut inner = template(json!({
        "K": key(json!({})), "KeyAlias": alias(json!({"Ref": "Name"}), json!({"Ref": "K"}))
    }));
    inner["Parameters"] = json!({"Name": {"Type": "String", "Default": "alias/inner"}});
    inner["Outputs"] = json!({"Key": {"Value": {"Fn::GetAtt": ["K", "Arn"]}}});
    inner
}

/// What comes of a template with one nested stack, `inner.json`, that follows another one.
#[track_caller]
pub(super) fn becomes(old: (&Value, &Value), new: (&Value, &Value), exit: u8, steps: &[&str]) {
    let (old, new) = (
        [
            ("old/outer.json", old.0.clone()),
            ("old/inner.json", old.1.clone()),
        ],
        [
            ("new/outer.json", new.0.clone()),
            ("new/inner.json", new.1.clone()),
        ],
    );
    gets(said(&new, &old, &[]), exit, steps);
}

#[test]
fn a_nested_stack_has_its_parameters_from_its_parent() {
    let of = |name: Value, key_id: Value| {
        let outer = template(json!({
            "K": key(json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"})),
            "Nested": stack("./in/inner.json", json!({"Name": name, "Key": key_id}))
        }));
        said(
            &[
                ("d/outer.json", outer),
                ("d/in/inner.json", of_parameters()),
            ],
            &[],
            &[],
        )
    };
    let of_key = || json!({"Fn::GetAtt": ["K", "Arn"]});
    gets(
        of(json!("alias/x"), of_key()),
        0,
        &["Nested/A CreateAlias ok"],
    );
    let refused = "Nested/A CreateAlias refused";
    gets(
        of(json!("alias/aws/x"), of_key()),
        1,
        &[&format!("{refused} InvalidAliasNameException")],
    );
    let k5 = format!("{refused} ValidationException");
    gets(of(json!("alias/x"), json!("alias/y")), 1, &[&k5]);
    // What is known in part stays so.
    let in_part = json!({"Fn::Sub": "alias/${AWS::StackName}.x"});
    gets(of(in_part, of_key()), 1, &[&k5]);
    let in_part = json!({"Fn::Sub": "alias/x-${AWS::Region}"});
    gets(of(in_part, of_key()), 0, &["Nested/A CreateAlias ok"]);
}

#[test]
fn a_parameter_that_is_not_known_is_any_that_the_nested_template_allows() {
    let of = |given: &[(&str, &str)]| {
        let mut outer = template(json!({
            "K": key(json!({})),
            "Nested": stack("inner.json", json!({"Env": {"Ref": "Env"}, "Key": {"Ref": "K"}}))
        }));
        outer["Parameters"] = json!({"Env": {"Type": "String"}});
        let mut inner = of_parameters();
        inner["Parameters"] = json!({
            "Env": {"Type": "String", "AllowedValues": ["dev", "aws/prod"], "Default": "dev"},
            "Key": {"Type": "String"}
        });
        inner["Resources"]["A"]["Properties"]["AliasName"] = json!({"Fn::Sub": "alias/${Env}"});
        said(&[("outer.json", outer), ("inner.json", inner)], &[], given)
    };
    gets(of(&[]), 3, &["Nested/A CreateAlias undecided"]);
    gets(of(&[("Env", "dev")]), 0, &["Nested/A CreateAlias ok"]);
    let refused = "Nested/A CreateAlias refused InvalidAliasNameException";
    gets(of(&[("Env", "aws/prod")]), 1, &[refused]);
    let words = "outer.json:1: Resources.Nested.Properties.Parameters gives the parameter `Env` of the template inner.json the \
                 value `test`, but the template allows only `dev`, `aws/prod`: CloudFormation refuses to make the nested stack";
    assert_eq!(of(&[("Env", "test")]), Err(words.to_owned()));
}

#[test]
fn an_output_of_a_nested_stack_is_what_its_template_says() {
    let of = |output: &str| {
        let target = json!({"Fn::GetAtt": ["Nested", output]});
        let outer = template(json!({
            "Nested": stack("inner.json", json!({})), "A": alias(json!("alias/outer"), target.clone()),
            "Other": stack("other.json", json!({"Name": "alias/other", "Key": target}))
        }));
        let files = [
            ("outer.json", outer),
            ("inner.json", with_a_key()),
            ("other.json", of_parameters()),
        ];
        said(&files, &[], &[])
    };
    gets(
        of("Outputs.Key"),
        0,
        &[
            "A CreateAlias ok",
            "Nested/KeyAlias CreateAlias ok",
            "Other/A CreateAlias ok",
        ],
    );
    let words = "outer.json:1: Resources.A.Properties.TargetKeyId refers to the output `Kez` of the nested stack `Nested`, but \
                 its template inner.json has no output of that name: the parent stack fails; did you mean `Key`?";
    assert_eq!(of("Outputs.Kez"), Err(words.to_owned()));
}

#[test]
fn a_nested_stack_waits_for_what_its_resource_depends_on_a6() {
    let of = |depends_on: Value, nested: Value| {
        let mut nested_stack = stack("inner.json", json!({"Name": "alias/outer"}));
        nested_stack["DependsOn"] = nested;
        let mut a = alias(json!("alias/outer"), json!({"Ref": "K"}));
        a["DependsOn"] = depends_on;
        let outer = template(json!({"K": key(json!({})), "A": a, "Nested": nested_stack}));
        said(
            &[("outer.json", outer), ("inner.json", with_a_key())],
            &[],
            &[],
        )
    };
    let taken = "refused AlreadyExistsException";
    let first = [
        "A CreateAlias ok".to_owned(),
        format!("Nested/KeyAlias CreateAlias {taken}"),
    ];
    gets(of(json!([]), json!("A")), 1, &[&first[0], &first[1]]);
    let last = [
        format!("A CreateAlias {taken}"),
        "Nested/KeyAlias CreateAlias ok".to_owned(),
    ];
    gets(of(json!("Nested"), json!([])), 1, &[&last[0], &last[1]]);
    let told = of(json!([]), json!([])).expect("a template");
    assert_eq!(told.exit, 1, "one of two aliases of one name: {told:?}");
}

#[test]
fn a_nested_stack_that_may_not_be_made_and_one_in_another_are_judged() {
    let of = |given: &[(&str, &str)], refused: bool| {
        let name = if refused { "alias/aws/x" } else { "alias/x" };
        let mut nested = stack("mid.json", json!({}));
        nested["Condition"] = json!("Is");
        let mut outer = template(json!({"B": {"Type": "AWS::S3::Bucket"}, "Nested": nested}));
        outer["Parameters"] = json!({"P": {"Type": "String"}});
        outer["Conditions"] = json!({"Is": {"Fn::Equals": [{"Ref": "P"}, "y"]}});
        let mid = template(json!({"Inner": stack("inner.json", json!({"Name": name}))}));
        said(
            &[
                ("outer.json", outer),
                ("mid.json", mid),
                ("inner.json", with_a_key()),
            ],
            &[],
            given,
        )
    };
    let path = "Nested/Inner/KeyAlias CreateAlias";
    gets(of(&[("P", "y")], false), 0, &[&format!("{path} ok")]);
    gets(of(&[("P", "n")], true), 0, &[]);
    gets(of(&[], false), 0, &[&format!("{path} ok")]);
    assert_eq!(of(&[], true).expect("a template").exit, 3);
}

#[test]
fn what_runs_of_a_nested_stack_is_compared_with_its_new_template() {
    let outer = |nested: Option<Value>| {
        let mut outer = template(json!({"K": key(json!({}))}));
        if let Some(nested) = nested {
            outer["Resources"]["Nested"] = nested;
        }
        outer
    };
    let nested = |name: &str| Some(stack("inner.json", json!({"Name": name})));
    let becomes = |old: Option<Value>, new: Option<Value>| {
        said(
            &[
                ("new/outer.json", outer(new)),
                ("new/inner.json", with_a_key()),
            ],
            &[
                ("old/outer.json", outer(old)),
                ("old/inner.json", with_a_key()),
            ],
            &[],
        )
    };
    gets(becomes(nested("alias/x"), nested("alias/x")), 0, &[]);
    let (create, delete) = (
        "Nested/KeyAlias CreateAlias ok",
        "Nested/KeyAlias DeleteAlias ok",
    );
    gets(
        becomes(nested("alias/x"), nested("alias/y")),
        0,
        &[create, delete],
    );
    gets(becomes(None, nested("alias/x")), 0, &[create]);
    gets(becomes(nested("alias/x"), None), 0, &[delete]);
    let mut kept = nested("alias/x");
    kept.as_mut().expect("a stack")["DeletionPolicy"] = json!("Retain");
    gets(becomes(kept, None), 0, &[]);
    // One file is not both what runs and what is to run.
    let told = said(
        &[
            ("d/outer.json", outer(nested("alias/y"))),
            ("d/inner.json", with_a_key()),
        ],
        &[
            ("d/old.json", outer(nested("alias/x"))),
            ("d/inner.json", with_a_key()),
        ],
        &[],
    )
    .expect("a template");
    assert_eq!(
        (told.steps.len(), told.exit, &told.rules[..]),
        (0, 3, &["F8".to_owned()][..])
    );
}

#[test]
fn a_nested_stack_that_gets_other_parameters_than_it_has_is_no_template() {
    let of = |parameters: Value| {
        let outer =
            template(json!({"K": key(json!({})), "Nested": stack("inner.json", parameters)}));
        said(
            &[("outer.json", outer), ("inner.json", of_parameters())],
            &[],
            &[],
        )
    };
    let words = |words: &str| {
        Err(format!(
            "outer.json:1: Resources.Nested.Properties.Parameters {words}: CloudFormation refuses to make the nested stack"
        ))
    };
    assert_eq!(
        of(json!({"Name": "alias/x"})),
        words(
            "has no value for the parameter `Key` of the template inner.json, which has no default"
        )
    );
    assert_eq!(
        of(json!({"Name": "alias/x", "Key": {"Ref": "K"}, "Q": "1"})),
        words("has `Q`, but the template inner.json has no parameter of that name")
    );
}

#[test]
fn what_gives_a_value_to_a_nested_stack_is_told() {
    let mut outer = template(
        json!({"K": key(json!({})), "Mid": stack("mid.json", json!({"P": {"Fn::Sub": "x-${P}"}}))}),
    );
    outer["Parameters"] = json!({"P": {"Type": "String"}});
    let name = json!({"Fn::Sub": "alias/${P}"});
    let mut mid = template(json!({"Inner": stack("inner.json", json!({"Name": name}))}));
    mid["Parameters"] = json!({"P": {"Type": "String"}});
    let text = outer.to_string();
    let (mid, inner) = (mid.to_string(), with_a_key().to_string());
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let mut input = RunInput::new(file("outer.json", text.leak()), NOW);
    input.templates = vec![
        file("mid.json", mid.leak()),
        file("inner.json", inner.leak()),
    ];
    let judged = judge_run(&input, Accounts::unknown(Options::default())).expect("a template");
    let settles = judged
        .judgement
        .outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            kms_alias_foresee::verdict::Outcome::Undecided { settle, .. } => Some(settle.clone()),
            _ => None,
        });
    let settles: Vec<_> = settles.collect();
    assert_eq!(settles, [vec!["--parameter P=VALUE".into()]]);
}

/// What cannot be followed is told, and no file outside the folder is asked for.
#[test]
fn a_nested_stack_whose_template_is_elsewhere_is_not_judged_f8() {
    for url in [
        "https://s3.amazonaws.com/b/inner.json",
        "../inner.json",
        "/d/inner.json",
        "C:\\inner.json",
        "other.json",
        "in/../../inner.json",
    ] {
        let outer = template(json!({"K": key(json!({})), "Nested": stack(url, json!({}))}));
        let names = nested_templates(
            File {
                name: "d/outer.json",
                bytes: outer.to_string().as_bytes(),
            },
            "outer.json",
        );
        let expected: &[&str] = if url == "other.json" {
            &["other.json"]
        } else {
            &[]
        };
        assert_eq!(names.expect("a template"), expected, "{url}");
        let files = [
            ("d/outer.json", outer),
            ("inner.json", with_a_key()),
            ("d/in/other.json", with_a_key()),
        ];
        let told = said(&files, &[], &[]).expect("a template");
        assert_eq!(
            (told.steps.len(), told.exit, &told.rules[..]),
            (0, 3, &["F8".to_owned()][..]),
            "{url}"
        );
    }
    // Upwards within the folder is no way out.
    let outer = template(json!({"Nested": stack("in/mid.json", json!({}))}));
    let mid = template(json!({"Inner": stack("../inner.json", json!({}))}));
    let files = [
        ("d/outer.json", outer),
        ("d/in/mid.json", mid),
        ("d/inner.json", with_a_key()),
    ];
    let step = "Nested/Inner/KeyAlias CreateAlias ok";
    gets(said(&files, &[], &[]), 0, &[step]);
}

#[test]
fn a_nested_stack_of_cdk_is_the_asset_that_its_metadata_names() {
    let url = json!({"Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-assets-${AWS::AccountId}/0f.json"});
    let outer = |name: &str| {
        template(json!({"Keys": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": url, "Parameters": {"Name": name}},
            "Metadata": {"aws:cdk:path": "App/Keys", "aws:asset:path": "AppKeys.nested.template.json",
                "aws:asset:property": "TemplateURL"}
        }}))
    };
    let manifest = || {
        let of = |name: &str| {
            json!({"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-3",
                "properties": {"templateFile": format!("{name}.template.json")}})
        };
        json!({"artifacts": {"App": of("App"), "Two": of("Two")}})
    };
    let files = |name: &str| {
        [
            ("cdk.out/manifest.json", manifest()),
            ("cdk.out/App.template.json", outer(name)),
            ("cdk.out/Two.template.json", outer("alias/two")),
            ("cdk.out/AppKeys.nested.template.json", with_a_key()),
        ]
    };
    let two = "Two/Keys/KeyAlias CreateAlias ok";
    gets(
        said(&files("alias/x"), &[], &[]),
        0,
        &["App/Keys/KeyAlias CreateAlias ok", two],
    );
    let taken = said(&files("alias/two"), &[], &[]).expect("an assembly");
    assert_eq!(taken.exit, 1, "{taken:?}");
    let old = &files("alias/x")[1..3];
    let told = said(&files("alias/y"), old, &[]).expect("an assembly");
    assert_eq!(
        (told.steps.len(), told.exit),
        (0, 3),
        "the running template of it is not there: {told:?}"
    );
    let mut running = files("alias/x");
    for (name, _) in &mut running {
        *name = Box::leak(name.replace("cdk.out", "old").into_boxed_str());
    }
    gets(
        said(&files("alias/y"), &running[1..], &[]),
        0,
        &[
            "App/Keys/KeyAlias CreateAlias ok",
            "App/Keys/KeyAlias DeleteAlias ok",
        ],
    );
}

/// A value that is not known may be another one than before where the parent has it from elsewhere.
#[test]
fn a_value_that_is_not_known_is_the_same_only_if_it_comes_from_the_same() {
    let files = |folder: &'static str, parameter: &str, inner: Value| {
        let mut outer =
            template(json!({"Mid": stack("mid.json", json!({"Name": {"Ref": parameter}}))}));
        outer["Parameters"] = json!({"P": {"Type": "String"}, "Q": {"Type": "String"}});
        let mut mid =
            template(json!({"Inner": stack("inner.json", json!({"Name": {"Ref": "Name"}}))}));
        mid["Parameters"] = json!({"Name": {"Type": "String"}});
        let named = |name: &str| -> &'static str { format!("{folder}/{name}.json").leak() };
        [
            (named("outer"), outer),
            (named("mid"), mid),
            (named("inner"), inner),
        ]
    };
    let becomes = |old: &str, new: &str, inner: Value| {
        let (new, old) = (files("new", new, inner), files("old", old, with_a_key()));
        said(&new, &old, &[]).expect("a template")
    };
    gets(Ok(becomes("P", "P", with_a_key())), 0, &[]);
    let told = becomes("P", "Q", with_a_key());
    assert_eq!(told.exit, 3, "{told:?}");
    let kinds: Vec<_> = told
        .steps
        .iter()
        .filter_map(|step| step.split(' ').nth(1))
        .collect();
    assert_eq!(kinds, ["CreateAlias", "DeleteAlias"]);
}
