//! Names and targets that are put together of parts, some of which are not known.

use super::*;
use kms_alias_foresee::verdict::{Judgement, Outcome, Possible};

fn with_parameters(resources: Value, parameters: &[&str]) -> Value {
    let mut template = template(resources);
    for name in parameters {
        template["Parameters"][*name] = json!({"Type": "String"});
    }
    template
}

#[track_caller]
fn gets(template: &Value, expected: &[&str]) -> Judgement {
    let (read, judgement) = judged(&template.to_string(), None, None);
    assert_eq!(tell(&read, &judgement).steps, expected, "{template}");
    judgement
}

#[test]
fn a_target_that_begins_as_an_alias_is_none_k5() {
    for target in [
        json!({"Fn::Sub": "alias/${P}"}),
        json!({"Fn::Join": ["/", ["alias", {"Ref": "P"}]]}),
        json!({"Fn::Sub": "alias/${K}"}),
        json!({"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/x"}),
    ] {
        let resources = json!({"K": key(json!({})), "A": alias(json!("alias/a"), target)});
        let template = with_parameters(resources, &["P"]);
        gets(&template, &["A CreateAlias refused ValidationException"]);
    }
}

#[test]
fn an_arn_of_the_own_account_and_region_names_what_its_id_names_a6_u7() {
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let arn = json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:kms:${{AWS::Region}}:${{AWS::AccountId}}:key/{id}")});
    let by_id = template(json!({"A": alias(json!("alias/a"), json!(id))}));
    let by_arn = template(json!({"A": alias(json!("alias/a"), arn)}));
    // CloudFormation asks again, as the value changes, and the state of the key is not known (T5).
    becomes(&by_id, &by_arn, 3, &["A UpdateAlias undecided"]);
    // A parameter may be another Region.
    let arn = json!({"Fn::Sub": format!("arn:aws:kms:${{P}}:${{AWS::AccountId}}:key/{id}")});
    let other = with_parameters(json!({"A": alias(json!("alias/a"), arn)}), &["P"]);
    becomes(&by_id, &other, 3, &["A UpdateAlias undecided"]);
}

#[test]
fn the_id_of_a_key_that_is_made_is_a_part_of_a_name_and_its_arn_is_none_a3() {
    let of = |names: &[&str]| {
        let mut resources = json!({"K": key(json!({})), "L": key(json!({}))});
        for (number, name) in names.iter().enumerate() {
            let name = json!({"Fn::Sub": name});
            resources[format!("A{number}")] = alias(name, json!({"Ref": "K"}));
        }
        template(resources)
    };
    gets(&of(&["alias/k-${K}"]), &["A0 CreateAlias ok"]);
    gets(&of(&["alias/${K.KeyId}/x"]), &["A0 CreateAlias ok"]);
    gets(
        &of(&["alias/k-${K}", "alias/k-${L}"]),
        &["A0 CreateAlias ok", "A1 CreateAlias ok"],
    );
    gets(
        &of(&["alias/aws/${K}"]),
        &["A0 CreateAlias refused InvalidAliasNameException"],
    );
    // 256 characters with the 36 of the ID, and one more.
    let long = |rest: usize| format!("alias/{}${{K}}", "x".repeat(256 - 6 - 36 + rest));
    gets(&of(&[&long(0)]), &["A0 CreateAlias ok"]);
    gets(
        &of(&[&long(1)]),
        &["A0 CreateAlias refused ValidationException"],
    );
    let judgement = gets(
        &of(&["alias/k-${K.Arn}"]),
        &["A0 CreateAlias refused ValidationException"],
    );
    let Outcome::Refused { could_be } = &judgement.outcomes[0] else {
        panic!("{judgement:?}");
    };
    assert_eq!(
        &*could_be[0].message,
        "alias/k-arn:<partition>:kms:<region>:<account>:key/<name> contains invalid characters for an alias"
    );
    // The same name twice.
    let (_, judgement) = judged(&of(&["alias/${K}", "alias/${K}"]).to_string(), None, None);
    assert_eq!(judgement.conclusion.exit_code(), 1);
}

#[test]
fn what_gives_a_value_is_told_where_a_verdict_hangs_on_it() {
    let settles = |template: &Value| {
        let judgement = judged(&template.to_string(), None, None).1;
        let Outcome::Undecided { settle, .. } = judgement.outcomes[0].clone() else {
            panic!("{judgement:?}");
        };
        settle
    };
    let named = |name: Value, target: Value| {
        let resources = json!({"A": alias(name, target), "K": key(json!({}))});
        with_parameters(resources, &["P", "Q"])
    };
    let key = || json!({"Ref": "K"});
    let by_name = named(json!({"Fn::Sub": "alias/${P}"}), key());
    assert_eq!(settles(&by_name)[..], ["--parameter P=VALUE".into()]);
    let by_target = named(json!("alias/a"), json!({"Ref": "Q"}));
    assert_eq!(settles(&by_target)[..], ["--parameter Q=VALUE".into()]);
    let by_account = named(json!({"Fn::Sub": "alias/${AWS::StackName}"}), key());
    let option = "--parameter AWS::StackName=VALUE";
    assert_eq!(settles(&by_account)[..], [option.into()]);
    let mut by_value = by_name;
    by_value["Parameters"]["P"]["AllowedValues"] = json!(["a", "aws/b"]);
    assert_eq!(settles(&by_value)[..], ["--parameter P=VALUE".into()]);
}

/// What is a stack's name, a Region, an account or a number has no colon and is not long.
#[test]
fn what_a_pseudo_parameter_may_be_is_known_of_a_name_a2_a3() {
    for (name, expected) in [
        ("alias/app/${AWS::StackName}", "A CreateAlias ok"),
        ("alias/app-${AWS::Region}-x", "A CreateAlias ok"),
        // No Region begins with `aws`, and each partition does (K4, A4).
        ("alias/${AWS::Region}-app", "A CreateAlias ok"),
        ("alias/${AWS::Region}", "A CreateAlias ok"),
        (
            "alias/${AWS::Partition}-${AWS::Region}",
            "A CreateAlias refused InvalidAliasNameException",
        ),
        (
            "${AWS::Region}/a",
            "A CreateAlias refused ValidationException",
        ),
        // What hosts are called ends with a name that has a full stop (A3).
        (
            "alias/x-${AWS::URLSuffix}",
            "A CreateAlias refused ValidationException",
        ),
        ("alias/${AWS::AccountId}", "A CreateAlias ok"),
        ("alias/of-${AWS::Partition}", "A CreateAlias ok"),
        // A stack may be called `aws`, and a number may be 1.5.
        ("alias/${AWS::StackName}", "A CreateAlias undecided"),
        ("alias/app-${Number}", "A CreateAlias undecided"),
        (
            "app-${AWS::StackName}",
            "A CreateAlias refused ValidationException",
        ),
    ] {
        let mut new = template(json!({
            "K": key(json!({})),
            "A": alias(json!({"Fn::Sub": name}), json!({"Ref": "K"}))
        }));
        new["Parameters"] = json!({"Number": {"Type": "Number"}});
        let text = new.to_string();
        let bytes = text.as_bytes();
        let input = RunInput::new(File { name: "t", bytes }, NOW);
        let accounts = Accounts::unknown(Options::default());
        let judged = kms_alias_files::judge_run(&input, accounts).expect("a template");
        let told = tell(&judged.read, &judged.judgement);
        assert_eq!(told.steps, [expected], "{name}");
        if let Outcome::Undecided { could_be, .. } = &judged.judgement.outcomes[1] {
            let rules = could_be.iter().filter_map(|it| match it {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule.number()),
            });
            let rules: Vec<_> = rules.collect();
            let rule = if name.contains("Number") { "A3" } else { "A4" };
            assert!(rules.iter().all(|it| *it == rule), "{name}: {rules:?}");
        }
    }
}

/// Each condition is asked for twice by the one before it, and each name of an alias has the next one twice:
/// what comes of the first does not double with each.
#[test]
fn what_is_made_of_itself_many_times_over_is_judged_at_once() {
    let condition = |last: Value| {
        let mut template = template(
            json!({"K": key(json!({})), "A": alias(json!("alias/a"), json!({"Ref": "K"}))}),
        );
        template["Resources"]["A"]["Condition"] = json!("C0");
        for number in 0..40 {
            let next = json!({"Condition": format!("C{}", number + 1)});
            template["Conditions"][format!("C{number}")] = json!({"Fn::And": [next, next]});
        }
        template["Conditions"]["C40"] = last;
        template["Parameters"] = json!({"P": {"Type": "String"}});
        template
    };
    for last in [
        json!({"Fn::Equals": ["a", "a"]}),
        json!({"Fn::Equals": [{"Ref": "P"}, "a"]}),
    ] {
        gets(&condition(last), &["A CreateAlias ok"]);
    }
    gets(&condition(json!({"Fn::Equals": ["a", "b"]})), &[]);
    let mut resources =
        json!({"K": key(json!({})), "A40": alias(json!("alias/a"), json!({"Ref": "K"}))});
    for number in 0..40 {
        let name = json!({"Fn::Sub": format!("${{A{0}}}${{A{0}}}", number + 1)});
        resources[format!("A{number}")] = alias(name, json!({"Ref": "K"}));
    }
    let (read, judgement) = judged(&template(resources).to_string(), None, None);
    let told = tell(&read, &judgement);
    let aliases = told
        .steps
        .iter()
        .filter(|step| step.contains(" CreateAlias "));
    assert_eq!((aliases.count(), told.exit), (41, 3));
}

/// `AWS::StackId` ends with a UUID, of which the whole or its last part makes a name of its own.
#[test]
fn a_part_of_the_id_of_a_stack_fits_a_name_and_the_whole_does_not_a3() {
    let uuid = || json!({"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]});
    let last = json!({"Fn::Select": [4, {"Fn::Split": ["-", uuid()]}]});
    let of = |names: &[Value]| {
        let mut resources = json!({"K": key(json!({}))});
        for (number, name) in names.iter().enumerate() {
            let name = json!({"Fn::Join": ["-", ["alias/app", name]]});
            resources[format!("A{number}")] = alias(name, json!({"Ref": "K"}));
        }
        template(resources)
    };
    gets(&of(&[uuid()]), &["A0 CreateAlias ok"]);
    gets(&of(core::slice::from_ref(&last)), &["A0 CreateAlias ok"]);
    gets(
        &of(&[json!({"Ref": "AWS::StackId"})]),
        &["A0 CreateAlias refused ValidationException"],
    );
    // The same part twice is one name.
    let twice = "CreateAlias undecided";
    gets(
        &of(&[last.clone(), last]),
        &[&format!("A0 {twice}"), &format!("A1 {twice}")],
    );
}

/// What is no ARN of a key, or none of this Region, is so whatever the parts are that are not known.
#[test]
fn an_arn_of_which_a_part_is_not_known_is_judged_by_those_that_are_k3_t2() {
    let of = |target: Value| {
        let mut with = template(json!({
            "K": key(json!({})), "A": alias(json!("alias/x"), target),
            "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://x.example/t.json"}}
        }));
        with["Parameters"] = json!({"Where": {"Type": "String"}});
        let text = with.to_string();
        let bytes = text.as_bytes();
        let mut options = Options::default();
        options.region = Some("eu-west-3".parse().expect("a Region"));
        let input = RunInput::new(File { name: "t", bytes }, NOW);
        let judged = kms_alias_files::judge_run(&input, Accounts::unknown(options));
        let judged = judged.expect("a template");
        tell(&judged.read, &judged.judgement).steps.join(", ")
    };
    let sub = |arn: &str| json!({"Fn::Sub": arn});
    let refused = "A CreateAlias refused NotFoundException";
    // The ID of a stack is an ARN.
    assert_eq!(of(json!({"Ref": "N"})), refused);
    assert_eq!(of(json!({"Ref": "AWS::StackId"})), refused);
    assert_eq!(of(sub("arn:aws:s3:::x:key/${K}")), refused);
    for no_key in [
        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${K.Arn}",
        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${K}/x",
        "arn:aws:kms:us-east-1:${AWS::AccountId}:key/${K.Arn}",
        "arn:aws:kms:eu-west-3:111122223333:key/${K.Arn}",
        "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${K}",
        "key/${K}",
        "${K.Arn}/*",
        "${K}${K}",
        " ${K.Arn}",
    ] {
        assert_eq!(of(sub(no_key)), refused, "{no_key}");
    }
    let alias_of = "arn:aws:kms:us-east-1:${AWS::AccountId}:alias/${K}";
    let not_aliases = "A CreateAlias refused ValidationException";
    assert_eq!(of(sub(alias_of)), not_aliases);
    assert_eq!(of(sub("alias/${K}")), not_aliases);
    let elsewhere = "arn:aws:kms:us-east-1:${AWS::AccountId}:key/${K}";
    assert_eq!(of(sub(elsewhere)), refused);
    assert_eq!(
        of(sub("arn:aws-cn:kms:us-east-1:${AWS::AccountId}:key/${K}")),
        refused
    );
    let undecided = "A CreateAlias undecided";
    let own = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${K}";
    assert_eq!(of(sub(own)), "A CreateAlias ok");
    for arn in [
        "arn:aws:kms:${Where}:${AWS::AccountId}:key/${K}",
        "arn:aws:kms:eu-west-3:111122223333:key/${K}",
        "arn:${Where}:us-east-1:${AWS::AccountId}:key/${K}",
        "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Where}${K}",
        "${K}${Where}",
    ] {
        assert_eq!(of(sub(arn)), undecided, "{arn}");
    }
}

/// CloudFormation makes the name of a nested stack: no option gives it.
#[test]
fn the_name_of_a_nested_stack_is_not_that_of_its_parent() {
    let mut inner = template(json!({
        "K": key(json!({})),
        "A": alias(json!({"Fn::Sub": "alias/${AWS::StackName}"}), json!({"Ref": "K"}))
    }));
    inner["Outputs"] = json!({"Name": {"Value": {"Ref": "AWS::StackName"}}});
    let of_inner = json!({"Fn::Sub": "alias/x-${N.Outputs.Name}"});
    let outer = template(json!({
        "K": key(json!({})), "N": nested::stack("inner.json", json!({})),
        "Of": alias(json!({"Fn::Sub": "alias/x-${AWS::StackName}"}), json!({"Ref": "K"})),
        "OfN": alias(of_inner, json!({"Ref": "K"}))
    }));
    let (outer, inner) = (outer.to_string(), inner.to_string());
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let mut input = RunInput::new(file("outer.json", outer.leak()), NOW);
    input.templates = vec![file("inner.json", inner.leak())];
    input.parameters = vec![("AWS::StackName".into(), "app".into())];
    let judged = kms_alias_files::judge_run(&input, Accounts::unknown(Options::default()));
    let judged = judged.expect("a template");
    let told = tell(&judged.read, &judged.judgement).steps;
    assert_eq!(
        told.iter().filter(|it| it.contains("undecided")).count(),
        3,
        "{told:?}"
    );
    for outcome in &judged.judgement.outcomes {
        if let kms_alias_foresee::verdict::Outcome::Undecided { settle, .. } = outcome {
            assert!(settle.is_empty(), "{settle:?}");
        }
    }
}

#[test]
fn a_parameter_that_can_be_one_text_only_is_that() {
    for (pattern, name) in [
        ("^x$", Some("alias/x-1")),
        ("x", Some("alias/x-1")),
        ("x|y", None),
        ("x?", None),
    ] {
        let mut with = template(json!({
            "K": key(json!({})), "A": alias(json!({"Fn::Sub": "alias/${P}-1"}), json!({"Ref": "K"})),
            "B": alias(json!({"Fn::Sub": "alias/${P}-2"}), json!({"Ref": "K"}))
        }));
        with["Parameters"] = json!({"P": {"Type": "String", "AllowedPattern": pattern}});
        let (read, _) = judged(&with.to_string(), None, None);
        assert_eq!(read.run.steps[0].request.alias_name(), name, "{pattern}");
    }
}

/// KMS's words have the ARN as the template writes it, and not another ARN around it.
#[test]
fn an_arn_of_which_a_part_is_not_known_is_told_as_it_is_written_t1() {
    let arn = "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${K}";
    let target = json!({"Fn::Sub": arn});
    let template = template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), target)}));
    let (_, judgement) = judged(&template.to_string(), None, None);
    let [Outcome::Undecided { could_be, .. }, Outcome::Ok] = &judgement.outcomes[..] else {
        panic!("{judgement:?}");
    };
    let told = format!("Key '{arn}' does not exist");
    let is_told = |possible: &Possible| matches!(possible, Possible::Refused(answer) if *answer.message == *told);
    assert!(could_be.iter().any(is_told), "{could_be:?}");
}

/// From where an ARN is looked at is no part of KMS's words.
#[test]
fn an_arn_of_a_region_that_is_written_is_told_without_whence_it_is_seen_t1() {
    let arn = "arn:aws:kms:us-east-1:${AWS::AccountId}:key/${K}";
    let target = json!({"Fn::Sub": arn});
    let template = template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), target)}));
    let (_, judgement) = judged(&template.to_string(), None, None);
    let [Outcome::Undecided { could_be, .. }, Outcome::Ok] = &judgement.outcomes[..] else {
        panic!("{judgement:?}");
    };
    let words: Vec<_> = could_be
        .iter()
        .filter_map(|possible| match possible {
            Possible::Refused(answer) => Some(&*answer.message),
            Possible::Ok => None,
        })
        .collect();
    let told = format!("Key '{arn}' does not exist");
    assert!(words.contains(&&*told), "{words:?}");
    assert!(
        words.iter().all(|it| !it.contains("seen from")),
        "{words:?}"
    );
}

/// Whatever the stack is called, the one is longer than the other.
#[test]
fn names_of_the_same_values_and_of_different_lengths_are_two_a6() {
    let of = |one: &str, other: &str| {
        let name = |name: &str| alias(json!({"Fn::Sub": name}), json!({"Ref": "K"}));
        template(json!({"K": key(json!({})), "A": name(one), "B": name(other)}))
    };
    let ok = ["A CreateAlias ok", "B CreateAlias ok"];
    gets(
        &of("alias/y/x-${AWS::StackName}", "alias/y/${AWS::StackName}"),
        &ok,
    );
    gets(
        &of("alias/y/${AWS::StackName}-x", "alias/y/${AWS::StackName}"),
        &ok,
    );
    gets(
        &of(
            "alias/y/${AWS::StackName}/${AWS::Region}",
            "alias/y/${AWS::Region}${AWS::StackName}",
        ),
        &ok,
    );
    let open = ["A CreateAlias undecided", "B CreateAlias undecided"];
    gets(
        &of("alias/y/x${AWS::StackName}", "alias/y/${AWS::StackName}x"),
        &open,
    );
}

#[test]
fn what_an_arn_has_before_its_last_slash_is_no_key_k3() {
    let part = |number: usize| {
        let split = json!({"Fn::Split": ["/", {"Fn::GetAtt": ["K", "Arn"]}]});
        let target = json!({"Fn::Select": [number, split]});
        template(json!({"K": key(json!({})), "A": alias(json!("alias/a"), target)}))
    };
    gets(&part(0), &["A CreateAlias refused NotFoundException"]);
    gets(&part(1), &["A CreateAlias ok"]);
}

#[test]
fn a_parameter_whose_pattern_allows_aliases_alone_is_no_target_k5() {
    let of = |pattern: &str| {
        let mut new = template(json!({"A": alias(json!("alias/a"), json!({"Ref": "P"}))}));
        new["Parameters"] = json!({"P": {"Type": "String", "AllowedPattern": pattern}});
        new
    };
    for none in ["alias/.*", "^alias/[a-z]+$", "(alias/a|alias/b).+"] {
        gets(&of(none), &["A CreateAlias refused ValidationException"]);
    }
    for open in [".*", "(alias/|arn:).*", "(alias/)?.*"] {
        gets(&of(open), &["A CreateAlias undecided"]);
    }
}
