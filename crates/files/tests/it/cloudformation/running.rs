//! The template that runs, and what it has in the way of the new one.

use super::*;

#[test]
fn a_value_that_is_not_allowed_is_no_input() {
    let mut new = template(json!({"K": key(json!({}))}));
    new["Parameters"] = json!({
        "Env": {"Type": "String", "AllowedValues": ["dev", "prod"]},
        "Names": {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
        "Days": {"Type": "Number", "AllowedValues": [7, 30]},
        "Word": {"Type": "String", "AllowedPattern": "[a-z]+[0-9]?", "MinLength": "2", "MaxLength": 5},
        "Java": {"Type": "String", "AllowedPattern": "(?=a)[\\p{Lower}&&[^b]]+"},
        "Count": {"Type": "Number", "MinValue": 1, "MaxValue": "9"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "AllowedPattern": "x"}
    });
    let text = new.to_string();
    let read = |name: &str, value: &str| {
        let bytes = text.as_bytes();
        let mut input = RunInput::new(File { name: "t", bytes }, NOW);
        input.parameters = vec![(name.into(), value.into())];
        let read = read_run(&input, &mut Accounts::unknown(Options::default()));
        read.map(|_| ()).map_err(|error| error.to_string())
    };
    for (name, value) in [
        ("Env", "dev"),
        ("Names", "b, a"),
        ("Days", "7.0"),
        ("Word", "ab1"),
        ("Java", "b"),
        ("Count", "9"),
        ("Stored", "/a"),
    ] {
        assert_eq!(read(name, value), Ok(()));
    }
    for (name, value, wrong, allowed) in [
        ("Env", "staging", "staging", "`dev`, `prod`"),
        ("Names", "a,c", "c", "`a`, `b`"),
        ("Days", "8", "8", "`7`, `30`"),
    ] {
        let words = format!(
            "t:1: `--parameter` gives the parameter `{name}` the value `{wrong}`, but the template allows only {allowed}"
        );
        assert_eq!(read(name, value), Err(words));
    }
    for (name, value, wanted) in [
        ("Word", "a", "the template requires a length of at least 2"),
        (
            "Word",
            "abcdef",
            "the template requires a length of at most 5",
        ),
        ("Word", "ab12", "its `AllowedPattern` is `[a-z]+[0-9]?`"),
        ("Word", "Aab", "its `AllowedPattern` is `[a-z]+[0-9]?`"),
        ("Count", "0", "the template requires at least 1"),
        ("Count", "10", "the template requires at most 9"),
        ("Count", "abc", "the template requires a number"),
        ("Count", "", "the template requires a number"),
    ] {
        let words = format!(
            "t:1: `--parameter` gives the parameter `{name}` the value `{value}`, but {wanted}"
        );
        assert_eq!(read(name, value), Err(words));
    }
}

/// CloudFormation refuses the value that a parameter has, whoever gave it.
#[test]
fn a_default_that_the_template_does_not_allow_is_no_input() {
    let read = |parameter: &Value, given: Option<&str>| {
        let mut new = template(json!({"K": key(json!({}))}));
        new["Parameters"] = json!({"P": parameter});
        let text = new.to_string();
        let bytes = text.as_bytes();
        let mut input = RunInput::new(File { name: "t", bytes }, NOW);
        let given = given.into_iter();
        input.parameters = given.map(|it| ("P".into(), it.into())).collect();
        let read = read_run(&input, &mut Accounts::unknown(Options::default()));
        read.map(|_| ()).map_err(|error| error.to_string())
    };
    let allowed = |parameter: &Value| assert_eq!(read(parameter, None), Ok(()), "{parameter}");
    for (parameter, wrong, wanted, other) in [
        (
            json!({"Type": "String", "AllowedValues": ["x", "y"], "Default": "z"}),
            "z",
            "the template allows only `x`, `y`",
            "x",
        ),
        (
            json!({"Type": "String", "AllowedPattern": "[a-z]+", "Default": "A1"}),
            "A1",
            "its `AllowedPattern` is `[a-z]+`",
            "a",
        ),
        (
            json!({"Type": "String", "MinLength": 1, "Default": ""}),
            "",
            "the template requires a length of at least 1",
            "a",
        ),
        (
            json!({"Type": "Number", "MaxValue": 30, "Default": 31}),
            "31",
            "the template requires at most 30",
            "7",
        ),
        (
            json!({"Type": "Number", "Default": "many"}),
            "many",
            "the template requires a number",
            "7",
        ),
        (
            json!({"Type": "Number", "Default": "infinity"}),
            "infinity",
            "the template requires a number",
            "-1.5",
        ),
        (
            json!({"Type": "List<Number>", "Default": "1, b"}),
            "b",
            "the template requires a number",
            "1,2",
        ),
    ] {
        let words = format!(
            "t:1: Parameters.P.Default: the parameter `P` has the default `{wrong}`, but {wanted}: correct \
             the default, or give another value with `--parameter P=VALUE`"
        );
        assert_eq!(read(&parameter, None), Err(words));
        assert_eq!(read(&parameter, Some(other)), Ok(()));
    }
    for parameter in [
        json!({"Type": "String", "AllowedValues": [true, false], "Default": "True"}),
        json!({"Type": "String", "AllowedValues": ["True", "False"], "Default": true}),
        json!({"Type": "String", "AllowedValues": [1.1], "Default": "1.10"}),
        json!({"Type": "String", "AllowedPattern": "[0-9][.][0-9]{2}", "Default": 1.1}),
        json!({"Type": "String", "AllowedValues": [7], "Default": 7}),
        json!({"Type": "Number", "AllowedValues": [7, 30], "Default": "7.0"}),
        json!({"Type": "Number", "Default": 0.5}),
        json!({"Type": "Number", "Default": "{{resolve:ssm:days}}"}),
        json!({"Type": "AWS::SSM::Parameter::Value<String>", "AllowedPattern": "x", "Default": "/a"}),
        json!({"Type": "String", "AllowedValues": ["x"]}),
        json!({"Type": "String", "AllowedValues": ["x"], "Default": null}),
    ] {
        allowed(&parameter);
    }
}

#[test]
fn a_name_under_a_new_logical_id_is_refused_and_the_old_one_is_told_a6() {
    let of = |logical_id: &str, name: &str| {
        let mut resources = json!({"K": key(json!({}))});
        resources[logical_id] = alias(json!(name), json!({"Ref": "K"}));
        template(resources)
    };
    let old = of("Old", "alias/x");
    let notes = |new: &Value| {
        let (read, _) = judged(&new.to_string(), None, Some(&old.to_string()));
        let notes: Vec<_> = read.run.steps.iter().flat_map(|it| &it.notes).collect();
        notes.iter().map(|it| &*it.words).collect::<String>()
    };
    let new = of("New", "alias/x");
    becomes(
        &old,
        &new,
        1,
        &[
            "New CreateAlias refused AlreadyExistsException",
            "Old DeleteAlias ok",
        ],
    );
    assert!(
        notes(&new).contains("under the logical ID `Old`"),
        "{}",
        notes(&new)
    );
    assert_eq!(notes(&of("New", "alias/y")), "");
    assert_eq!(notes(&of("Old", "alias/y")), "");
}

#[test]
fn a_running_template_is_read_as_get_template_prints_it() {
    let of = |logical_id: &str| {
        let mut resources = json!({"K": key(json!({}))});
        resources[logical_id] = alias(json!("alias/x"), json!({"Ref": "K"}));
        template(resources)
    };
    let (old, new) = (of("Old"), of("New"));
    let yaml = "Resources:\n  K: {Type: 'AWS::KMS::Key'}\n  Old:\n    Type: AWS::KMS::Alias\n    \
                Properties: {AliasName: alias/x, TargetKeyId: !Ref K}\n";
    let stages = json!(["Original", "Processed"]);
    for running in [
        old.clone(),
        json!({"TemplateBody": old, "StagesAvailable": stages}),
        json!({"TemplateBody": old.to_string(), "StagesAvailable": stages}),
        json!({"TemplateBody": yaml, "StagesAvailable": stages}),
        json!(yaml),
    ] {
        becomes(
            &running,
            &new,
            1,
            &[
                "New CreateAlias refused AlreadyExistsException",
                "Old DeleteAlias ok",
            ],
        );
    }
    for new in [
        json!({"TemplateBody": new, "StagesAvailable": stages}),
        json!({"TemplateBody": new.to_string(), "StagesAvailable": stages}),
    ] {
        let told = told(&new.to_string(), None, Some(&old.to_string()));
        assert_eq!((told.steps.len(), told.exit), (2, 1));
    }
    let file = |bytes| File {
        name: "none.json",
        bytes,
    };
    let text = new.to_string();
    let mut input = RunInput::new(file(text.as_bytes()), NOW);
    input.deployed = Some(file(b"{}"));
    let mut accounts = Accounts::unknown(Options::default());
    let error = read_run(&input, &mut accounts).expect_err("no template");
    let words = "none.json: this is not the template of a running stack, as it has no `Resources`";
    assert!(error.to_string().starts_with(words), "{error}");
}

#[test]
fn a_default_of_the_running_template_runs_unless_another_value_is_given() {
    let of = |logical_id: &str, name: Value| {
        let mut resources = json!({"K": key(json!({}))});
        resources[logical_id] = alias(name, json!({"Ref": "K"}));
        let mut template = template(resources);
        template["Parameters"] = json!({"Env": {"Type": "String", "Default": "dev"}});
        template
    };
    let old = of("Old", json!({"Fn::Sub": "alias/app-${Env}"}));
    let new = of("New", json!("alias/app-dev"));
    let told = told(&new.to_string(), None, Some(&old.to_string()));
    assert_eq!(told.exit, 1, "{told:?}");
    // The value that runs is given.
    let (text, running) = (new.to_string(), old.to_string());
    let file = |text: &'static str, bytes| File { name: text, bytes };
    let mut input = RunInput::new(file("new", text.as_bytes()), NOW);
    input.deployed = Some(file("old", running.as_bytes()));
    for (value, exit) in [("dev", 1), ("prod", 0)] {
        input.deployed_parameters = vec![("Env".into(), value.into())];
        let judged = kms_alias_files::judge_run(&input, Accounts::unknown(Options::default()))
            .expect("a run");
        assert_eq!(judged.conclusion().exit_code(), exit);
    }
}

/// Its name is not known, but it stands: KMS took the name (rule I3).
#[test]
fn an_alias_of_the_running_template_stands_whatever_its_name_i3() {
    let named = |name: &Value, logical_id: &str, key_id: &str, spec: Value| {
        template(json!({
            "Old": key(json!({})),
            "New": key(spec),
            logical_id: alias(name.clone(), json!({"Ref": key_id}))
        }))
    };
    for name in [
        json!({"Fn::Sub": "alias/${AWS::StackName}"}),
        json!({"Fn::Sub": "alias/app/${AWS::Region}-x"}),
        json!({"Fn::ImportValue": "name"}),
    ] {
        let old = named(&name, "A", "Old", json!({}));
        let of = |logical_id, spec| named(&name, logical_id, "New", spec);
        becomes(&old, &of("A", json!({})), 0, &["A UpdateAlias ok"]);
        let hmac = json!({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"});
        let mut other = named(&name, "A", "Mac", json!({}));
        other["Resources"]["Mac"] = key(hmac);
        becomes(
            &old,
            &other,
            1,
            &["A UpdateAlias refused ValidationException"],
        );
        becomes(
            &old,
            &of("B", json!({})),
            1,
            &[
                "B CreateAlias refused AlreadyExistsException",
                "A DeleteAlias ok",
            ],
        );
    }
    // A name that is known is taken as another one (ours).
    let name = json!({"Fn::ImportValue": "name"});
    let old = named(&name, "A", "Old", json!({}));
    let new = named(&json!("alias/b"), "A", "Old", json!({}));
    becomes(&old, &new, 0, &["A CreateAlias ok", "A DeleteAlias ok"]);
}

#[test]
fn of_several_stacks_keys_that_stand_are_called_by_their_stacks_f3() {
    let stack = |name: &str| {
        json!({"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-3",
            "properties": {"templateFile": format!("{name}.template.json")}})
    };
    let manifest =
        json!({"version": "36.0.0", "artifacts": {"S1": stack("S1"), "S2": stack("S2")}});
    let of = |name: &str, target: &str| {
        let moving = alias(json!(format!("alias/{name}")), json!({"Ref": target}));
        template(json!({"K": key(json!({})), "L": key(json!({})), "A": moving})).to_string()
    };
    let names = ["S1.template.json", "S2.template.json"];
    let (old, new) = ([of("a", "K"), of("b", "K")], [of("a", "L"), of("b", "L")]);
    let files = |texts: &'static [String; 2]| -> Vec<File<'static>> {
        let each = names.into_iter().zip(texts);
        each.map(|(name, text)| File {
            name,
            bytes: text.as_bytes(),
        })
        .collect()
    };
    let text = manifest.to_string();
    let bytes = text.as_bytes();
    let name = "manifest.json";
    let mut input = RunInput::new(File { name, bytes }, NOW);
    input.templates = files(Box::leak(Box::new(new)));
    input.deployed_templates = files(Box::leak(Box::new(old)));
    let read = read_run(&input, &mut Accounts::default()).unwrap_or_else(|error| panic!("{error}"));
    let has = |words: &str| read.advice.iter().any(|it| it.words.contains(words));
    for stack in ["S1", "S2"] {
        assert!(has(&format!("moves to {stack}/L")), "{:?}", read.advice);
        assert!(has(&format!("made under {stack}/K")), "{:?}", read.advice);
    }
}

const STANDING: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

/// What comes of a template with a nested stack, `inner.json`, that follows another one, where the account has
/// a key that waits for its deletion, with the alias `alias/x`.
fn with_an_account(old: &[Value; 2], new: &[Value; 2]) -> Told {
    let arn = "arn:aws:kms:eu-west-3:111122223333";
    let account = json!({
        "Aliases": [{"AliasName": "alias/x", "AliasArn": format!("{arn}:alias/x"), "TargetKeyId": STANDING}],
        "KeyMetadata": {"KeyId": STANDING, "Arn": format!("{arn}:key/{STANDING}"), "KeyState": "PendingDeletion",
            "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER", "DeletionDate": "2030-01-01T00:00:00+00:00"}
    })
    .to_string();
    let texts = [old, new].map(|files| files.each_ref().map(Value::to_string));
    let file = |name, text: &'static String| File {
        name,
        bytes: text.as_bytes(),
    };
    let [[old, old_inner], [new, new_inner]]: &'static [[String; 2]; 2] =
        Box::leak(Box::new(texts));
    let mut input = RunInput::new(file("new/outer.json", new), NOW);
    input.templates = vec![file("new/inner.json", new_inner)];
    input.deployed = Some(file("old/outer.json", old));
    input.deployed_templates = vec![file("old/inner.json", old_inner)];
    let bytes = account.as_bytes();
    let files = [File {
        name: "account",
        bytes,
    }];
    let accounts = kms_alias_files::read_account(&files, Options::default()).expect("an account");
    let judged = kms_alias_files::judge_run(&input, accounts).expect("templates");
    tell(&judged.read, &judged.judgement)
}

/// A key and the alias by which the account tells it may be in different stacks.
#[test]
fn the_account_tells_which_key_an_alias_of_another_stack_names_t5() {
    let refused = ["Y CreateAlias refused KMSInvalidStateException"];
    let of_inner = || json!({"Fn::GetAtt": ["N", "Outputs.Key"]});
    let mut inner = template(json!({"K": key(json!({}))}));
    inner["Outputs"] = json!({"Key": {"Value": {"Ref": "K"}}});
    let old = json!({"N": nested::stack("inner.json", json!({})), "X": alias(json!("alias/x"), of_inner())});
    let mut new = old.clone();
    new["Y"] = alias(json!("alias/y"), of_inner());
    let told = with_an_account(&[template(old), inner.clone()], &[template(new), inner]);
    assert_eq!(told.steps, refused);

    let named = json!({"Name": "alias/x", "Key": {"Ref": "K"}});
    let old = json!({"K": key(json!({})), "N": nested::stack("inner.json", named)});
    let mut new = old.clone();
    new["Y"] = alias(json!("alias/y"), json!({"Ref": "K"}));
    let inner = nested::of_parameters();
    let told = with_an_account(&[template(old), inner.clone()], &[template(new), inner]);
    assert_eq!(told.steps, refused);
}

/// Where the running template does not tell the key of an alias, it does not say another than the account.
#[test]
fn an_alias_whose_key_the_running_template_does_not_tell_has_that_of_the_account_f5() {
    let of = |target: Value| {
        let resources = json!({"X": alias(json!("alias/x"), target)});
        [template(resources), template(json!({"K": key(json!({}))}))]
    };
    let old = of(json!({"Fn::ImportValue": "key"}));
    let told = with_an_account(&old, &of(json!(STANDING)));
    assert_eq!(told.rules, [] as [&str; 0]);
}

/// A made-up ID stands for a key whose ID no file tells: it is not shown, and KMS is not asked for it.
#[test]
fn a_key_that_stands_is_called_by_its_resource() {
    let disabled = || key(json!({"Enabled": {"Ref": "On"}}));
    let of = |resources: Value| {
        let mut of = template(resources);
        of["Parameters"] = json!({"On": {"Type": "String"}});
        of.to_string()
    };
    let old = of(json!({"K": disabled()}));
    let new = of(json!({"K": disabled(), "A": alias(json!("alias/a"), json!({"Ref": "K"}))}));
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let mut input = RunInput::new(file("new", new.leak()), NOW);
    input.deployed = Some(file("old", old.leak()));
    let judged = kms_alias_files::judge_run(&input, Accounts::unknown(Options::default()));
    let judgement = judged.expect("templates").judgement;
    let undecided = judgement.outcomes.iter().find_map(|outcome| match outcome {
        kms_alias_foresee::verdict::Outcome::Undecided {
            needs,
            could_be,
            settle,
        } => Some((needs, could_be, settle)),
        _ => None,
    });
    let (needs, could_be, settle) = undecided.expect("a verdict that is not certain");
    assert_eq!(needs[0].to_string(), "the key state of key K");
    assert!(
        format!("{could_be:?}").contains("key/<K> is pending deletion."),
        "{could_be:?}"
    );
    assert_eq!(settle, &[] as &[Box<str>]);
}
