//! What CloudFormation refuses before it makes anything.

use super::*;
use kms_alias_files::judge_run;

/// What is said of a template, with the one that runs: its error, or its steps and its exit code.
pub(super) fn said(new: &Value, old: Option<&Value>) -> Result<Told, String> {
    let (new, old) = (new.to_string(), old.map(ToString::to_string));
    let mut input = RunInput::new(
        File {
            name: "t",
            bytes: new.as_bytes(),
        },
        NOW,
    );
    input.deployed = old.as_ref().map(|old| File {
        name: "old",
        bytes: old.as_bytes(),
    });
    let judged = judge_run(&input, Accounts::unknown(Options::default()));
    let told = judged.map(|judged| tell(&judged.read, &judged.judgement));
    told.map_err(|error| error.to_string())
}

#[track_caller]
pub(super) fn passes(new: &Value, old: Option<&Value>, steps: &[&str]) {
    let told = said(new, old).unwrap_or_else(|error| panic!("{error}"));
    let found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    assert_eq!((found, told.exit), (steps.to_vec(), 0));
}

#[test]
fn a_template_without_a_resource_cannot_be_used() {
    let old = template(json!({"K": key(json!({}))}));
    for new in [
        template(json!({})),
        json!({"Parameters": {}, "AWSTemplateFormatVersion": "2010-09-09"}),
    ] {
        for old in [None, Some(&old)] {
            let error = said(&new, old).expect_err("no resource");
            assert!(error.contains("`Resources` has no resource"), "{error}");
        }
    }
    // What an include brings is not known.
    let mut included = template(json!({}));
    let include = json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://b/t"}});
    for transform in [include.clone(), json!([include, "AWS::LanguageExtensions"])] {
        included["Transform"] = transform;
        let told = said(&included, None).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(told.exit, 3, "{told:?}");
    }
}

#[test]
fn a_logical_id_that_changes_its_type_is_no_update() {
    let bucket = || json!({"Type": "AWS::S3::Bucket"});
    let a = || alias(json!("alias/x"), json!({"Ref": "K"}));
    let of = |x: Value| template(json!({"K": key(json!({})), "X": x}));
    let replica =
        || json!({"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": {"Ref": "K"}}});
    for (before, after) in [
        (a(), bucket()),
        (bucket(), a()),
        (key(json!({})), bucket()),
        (key(json!({})), replica()),
        (bucket(), json!({"Type": "AWS::SNS::Topic"})),
    ] {
        let words = format!(
            "t:1: Resources.X is of type `{}` in the running template and of type `{}` in this one: CloudFormation cannot \
             change the type of a resource, and refuses the update; give the new resource another logical ID",
            before["Type"].as_str().expect("a type"),
            after["Type"].as_str().expect("a type")
        );
        assert_eq!(said(&of(after), Some(&of(before))), Err(words));
    }
    // SAM makes a function of what has its own type.
    let sam = |x: Value| {
        let mut sam = of(x);
        sam["Transform"] = json!("AWS::Serverless-2016-10-31");
        sam
    };
    passes(
        &sam(json!({"Type": "AWS::Serverless::Function"})),
        Some(&of(json!({"Type": "AWS::Lambda::Function"}))),
        &[],
    );
}

/// Where it is not known whether the resource is there, its type changes in one of the worlds alone:
/// in that one nothing happens.
#[test]
fn a_type_changes_only_of_what_is_there_in_both_templates() {
    let of = |x: Value| {
        let mut of = template(json!({"K": key(json!({})), "X": x}));
        of["Parameters"] = json!({"P": {"Type": "String", "AllowedValues": ["y", "n"]}});
        of["Conditions"] = json!({
            "No": {"Fn::Equals": ["a", "b"]}, "Open": {"Fn::Equals": [{"Ref": "P"}, "y"]}
        });
        of
    };
    let mut bucket = json!({"Type": "AWS::S3::Bucket"});
    let running = of(alias(json!("alias/x"), json!({"Ref": "K"})));
    for condition in ["No", "Open"] {
        bucket["Condition"] = json!(condition);
        passes(&of(bucket.clone()), Some(&running), &["X DeleteAlias ok"]);
    }
}

#[test]
fn what_refers_to_a_resource_that_is_not_made_is_no_template() {
    let of = |resources: Value, outputs: Value| {
        let mut of = template(resources);
        of["Resources"]["K"] = key(json!({}));
        of["Resources"]["K"]["Condition"] = json!("No");
        of["Resources"]["Other"] = key(json!({}));
        of["Conditions"] =
            json!({"No": {"Fn::Equals": ["a", "b"]}, "Yes": {"Fn::Equals": ["a", "a"]}});
        of["Outputs"] = outputs;
        of
    };
    let mut conditional = alias(json!("alias/x"), json!({"Ref": "K"}));
    conditional["Condition"] = json!("No");
    let mut depends = alias(json!("alias/x"), json!({"Ref": "Other"}));
    depends["DependsOn"] = json!(["Other", "K"]);
    let a = |target: Value| json!({"A": alias(json!("alias/x"), target)});
    let chosen = |condition: &str| json!({"Fn::If": [condition, {"Ref": "K"}, {"Ref": "Other"}]});
    let out = json!({"Out": {"Value": {"Ref": "K"}}});
    for (template, path) in [
        (
            of(a(json!({"Ref": "K"})), json!({})),
            "Resources.A.Properties.TargetKeyId",
        ),
        (
            of(a(json!({"Fn::GetAtt": ["K", "Arn"]})), json!({})),
            "Resources.A.Properties.TargetKeyId",
        ),
        (
            of(a(json!({"Fn::Sub": "${K.Arn}"})), json!({})),
            "Resources.A.Properties.TargetKeyId",
        ),
        (
            of(a(chosen("Yes")), json!({})),
            "Resources.A.Properties.TargetKeyId.Fn::If[1]",
        ),
        (
            of(json!({"A": depends}), json!({})),
            "Resources.A.DependsOn",
        ),
        (of(json!({}), out.clone()), "Outputs.Out.Value"),
    ] {
        let words = format!(
            "t:1: {path} refers to `K`, which is not made, as its condition `No` does not hold: CloudFormation refuses the \
             template; choose the value with `Fn::If`, or give what refers to it the same condition, or give other values \
             with `--parameter NAME=VALUE`"
        );
        assert_eq!(said(&template, None), Err(words));
    }
    passes(&of(a(chosen("No")), json!({})), None, &["A CreateAlias ok"]);
    passes(&of(json!({"A": conditional}), json!({})), None, &[]);
    let mut out = out;
    out["Out"]["Condition"] = json!("No");
    passes(&of(json!({}), out), None, &[]);
    let missing = of(json!({}), json!({"Out": {"Value": {"Ref": "Kay"}}}));
    let error = said(&missing, None).expect_err("no such resource");
    assert!(
        error.starts_with("t:1: Outputs.Out.Value refers to `Kay`, but"),
        "{error}"
    );
}

/// In the world in which the key is not made nothing is, so no verdict depends on it.
#[test]
fn a_resource_that_may_not_be_made_is_there_where_something_refers_to_it() {
    let mut of = template(json!({
        "K": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"}))
    }));
    of["Resources"]["K"]["Condition"] = json!("Open");
    of["Parameters"] = json!({"P": {"Type": "String", "AllowedValues": ["y", "n"]}});
    of["Conditions"] = json!({"Open": {"Fn::Equals": [{"Ref": "P"}, "y"]}});
    passes(&of, None, &["A CreateAlias ok"]);
}

#[test]
fn a_template_that_is_refused_whatever_a_parameter_is_cannot_be_used() {
    let mut of = template(json!({
        "K": key(json!({})), "L": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"}))
    }));
    of["Resources"]["K"]["Condition"] = json!("Is");
    of["Resources"]["L"]["Condition"] = json!("IsNot");
    of["Resources"]["A"]["DependsOn"] = json!("L");
    of["Parameters"] = json!({"P": {"Type": "String"}});
    of["Conditions"] = json!({
        "Is": {"Fn::Equals": [{"Ref": "P"}, "y"]}, "IsNot": {"Fn::Not": [{"Condition": "Is"}]}
    });
    let error = said(&of, None).expect_err("one of the keys is not made");
    assert!(
        error.starts_with(
            "t: CloudFormation refuses the template whatever values its parameters have"
        ),
        "{error}"
    );
}

/// What `AWS::Include` puts in is not seen: no name is missing for certain, and no property is absent.
#[test]
fn what_fn_transform_puts_in_is_not_known() {
    let include = || json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}});
    let of = |target: Value| {
        template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), target)}))
    };
    let with = |mut template: Value, section: Option<&str>| {
        match section {
            Some(section) => template[section]["Fn::Transform"] = include(),
            None => template["Fn::Transform"] = include(),
        }
        said(&template, None).map(|told| (told.steps, told.exit))
    };
    let gets = |outcome: &str| Ok((vec![format!("A CreateAlias {outcome}")], 3));
    for section in [
        None,
        Some("Resources"),
        Some("Parameters"),
        Some("Conditions"),
        Some("Mappings"),
    ] {
        assert_eq!(
            with(of(json!({"Ref": "Included"})), section),
            gets("undecided")
        );
        assert_eq!(with(of(json!({"Ref": "K"})), section), gets("ok"));
    }
    let mut template = of(json!({"Ref": "K"}));
    template["Resources"]["A"]["Properties"] =
        json!({"AliasName": "alias/x", "Fn::Transform": include()});
    let told = said(&template, None).map(|told| (told.steps, told.exit));
    assert_eq!(told, gets("undecided"));
    // It changes nothing but the resource in which it is.
    let mut template = of(json!({"Ref": "K"}));
    template["Resources"]["X"] =
        json!({"Type": "AWS::SNS::Topic", "Properties": {"Fn::Transform": include()}});
    passes(&template, None, &["A CreateAlias ok"]);
}

/// KMS was recorded to ask for it; only the key spec for symmetric encryption has a default.
#[test]
fn a_key_of_another_kind_than_symmetric_needs_a_key_usage_m() {
    let of = |properties: Value| {
        let resources =
            json!({"K": key(properties), "A": alias(json!("alias/a"), json!({"Ref": "K"}))});
        told(&template(resources).to_string(), None, None)
    };
    let refused = [
        "A CreateAlias refused NotFoundException",
        "K CreateKey refused ValidationException",
    ];
    for spec in ["RSA_2048", "HMAC_256", "ECC_NIST_P256", "ML_DSA_44", "SM2"] {
        for properties in [
            json!({"KeySpec": spec}),
            json!({"KeySpec": spec, "KeyUsage": {"Ref": "AWS::NoValue"}}),
        ] {
            let told = of(properties);
            assert_eq!(
                (&told.steps[..], told.exit),
                (&refused.map(String::from)[..], 1),
                "{spec}"
            );
        }
    }
    for whole in [
        json!({}),
        json!({"KeySpec": "SYMMETRIC_DEFAULT"}),
        json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}),
    ] {
        assert_eq!(of(whole).exit, 0);
    }
    let read = read(
        &template(json!({"K": key(json!({"KeySpec": "RSA_2048"}))})).to_string(),
        &[],
    );
    let Request::Malformed { refusal, .. } = step(&read, "K") else {
        panic!("{read:?}");
    };
    let words =
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.";
    assert_eq!(refusal.to_string(), words);
}
