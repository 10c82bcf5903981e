//! Loops, and functions of the transform `AWS::LanguageExtensions`.

use super::*;

fn extended(resources: Value) -> Value {
    let mut extended = template(resources);
    extended["Transform"] = json!("AWS::LanguageExtensions");
    extended
}

#[track_caller]
fn gets(template: &Value, exit: u8, steps: &[&str]) {
    let told = told(&template.to_string(), None, None);
    let mut found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!((found, told.exit), (steps.to_vec(), exit), "{template}");
}

#[test]
fn a_loop_over_a_list_is_written_out() {
    let of = |items: Value, name: Value| {
        extended(json!({
            "K": key(json!({})),
            "Fn::ForEach::Aliases": ["Name", items, {"A&{Name}": alias(name, json!({"Ref": "K"}))}]
        }))
    };
    let ok = ["Aab CreateAlias ok", "Ac CreateAlias ok"];
    let by_text = json!({"Fn::Sub": "alias/${Name}"});
    gets(&of(json!(["a-b", "c"]), by_text.clone()), 0, &ok);
    let by_reference = json!({"Fn::Join": ["/", ["alias", {"Ref": "Name"}]]});
    gets(&of(json!(["a-b", "c"]), by_reference), 0, &ok);
    let refused = "Aaws1 CreateAlias refused InvalidAliasNameException";
    gets(&of(json!(["aws/1"]), by_text.clone()), 1, &[refused]);
    // What is not in the template, and what CloudFormation refuses, is not written out.
    gets(
        &of(json!({"Ref": "AWS::NotificationARNs"}), by_text.clone()),
        3,
        &[],
    );
    gets(&of(json!(["a", "a-"]), by_text), 3, &[]);
}

#[test]
fn loops_in_loops_and_keys_of_loops_are_written_out_a6() {
    let inner = json!({
        "Key${Env}${Part}": key(json!({})),
        "A${Env}${Part}": alias(
            json!({"Fn::Sub": "alias/${Part}"}), json!({"Fn::GetAtt": ["Key${Env}${Part}", "Arn"]})
        )
    });
    let both = extended(json!({
        "Fn::ForEach::Envs": ["Env", ["Dev", "Prod"], {
            "Fn::ForEach::Parts": ["Part", ["x", {"Ref": "Env"}], inner]
        }]
    }));
    // Of two aliases of one name one is refused, whichever comes later.
    gets(
        &both,
        1,
        &[
            "ADevDev CreateAlias ok",
            "ADevx CreateAlias undecided",
            "AProdProd CreateAlias ok",
            "AProdx CreateAlias undecided",
        ],
    );
}

#[test]
fn loops_that_multiply_are_left_as_they_are_f8() {
    let items: Vec<_> = (0..200).map(|item| item.to_string()).collect();
    let inner =
        json!({"Fn::ForEach::B": ["B", items, {"T${A}x${B}": {"Type": "AWS::SNS::Topic"}}]});
    gets(
        &extended(json!({"Fn::ForEach::A": ["A", items, inner]})),
        3,
        &[],
    );
}

#[test]
fn a_map_has_a_default_and_a_list_a_length_a4() {
    let of = |name: Value| {
        let mut of = extended(json!({"K": key(json!({})), "A": alias(name, json!({"Ref": "K"}))}));
        of["Mappings"] = json!({"M": {"dev": {"name": "alias/dev"}}});
        of
    };
    let found = |first: &str| json!({"Fn::FindInMap": ["M", first, "name", {"DefaultValue": {"Fn::Sub": "alias/aws/x"}}]});
    gets(&of(found("dev")), 0, &["A CreateAlias ok"]);
    let refused = ["A CreateAlias refused InvalidAliasNameException"];
    gets(&of(found("prod")), 1, &refused);
    let length = json!({"Fn::Sub": ["alias/${N}", {"N": {"Fn::Length": ["a", "b"]}}]});
    let mut both = of(length);
    both["Resources"]["B"] = alias(json!("alias/2"), json!({"Ref": "K"}));
    both["Resources"]["B"]["DependsOn"] = json!("A");
    let taken = "B CreateAlias refused AlreadyExistsException";
    gets(&both, 1, &["A CreateAlias ok", taken]);
    // The text of an object begins with a brace, which no name has (A3).
    let text = json!({"Fn::ToJsonString": {"a": {"Ref": "K"}}});
    gets(&of(text), 1, &["A CreateAlias refused ValidationException"]);
}

#[test]
fn a_loop_over_a_parameter_is_over_the_values_that_it_has() {
    let mut of = extended(json!({
        "K": key(json!({})),
        "Fn::ForEach::Aliases": ["Name", {"Ref": "Names"}, {
            "A${Name}": alias(json!({"Fn::Sub": "alias/${Name}"}), json!({"Ref": "K"}))
        }]
    }));
    of["Parameters"] = json!({"Names": {"Type": "CommaDelimitedList"}});
    gets(&of, 3, &[]);
    of["Parameters"]["Names"]["Default"] = json!("a, b");
    gets(&of, 0, &["Aa CreateAlias ok", "Ab CreateAlias ok"]);
    let given = read(&of.to_string(), &[("Names", "c")]);
    let (name, _) = created(&given, "Ac");
    assert_eq!(*name, NameReference::Text("alias/c".into()));
    // The running stack has another value.
    let text = of.to_string();
    let file = |name| File {
        name,
        bytes: text.as_bytes(),
    };
    let mut input = RunInput::new(file("new"), NOW);
    input.deployed = Some(file("old"));
    input.parameters = vec![("Names".into(), "a,c".into())];
    input.deployed_parameters = vec![("Names".into(), "a,b".into())];
    let judged = kms_alias_files::judge_run(&input, Accounts::unknown(Options::default()));
    let judged = judged.expect("a template");
    let told = tell(&judged.read, &judged.judgement);
    assert_eq!(told.steps, ["Ac CreateAlias ok", "Ab DeleteAlias ok"]);
}
