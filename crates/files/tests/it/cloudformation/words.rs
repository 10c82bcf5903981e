//! What is not judged (rule F8) says why, and what to do about it.

use super::*;
use kms_alias_files::judge_run;

/// What is said of a template, the first of these files, and of the running one.
fn said(files: &[(&str, Value)], deployed: Option<&Value>) -> Vec<String> {
    let texts: Vec<(&str, String)> = files
        .iter()
        .map(|(name, value)| (*name, value.to_string()))
        .collect();
    let each = texts.iter().map(|(name, text)| File {
        name,
        bytes: text.as_bytes(),
    });
    let each: Vec<File<'_>> = each.collect();
    let deployed = deployed.map(ToString::to_string);
    let mut input = RunInput::new(each[0], NOW);
    input.templates = each[1..].to_vec();
    input.deployed = deployed.as_ref().map(|text| File {
        name: "old/t.json",
        bytes: text.as_bytes(),
    });
    let read = read_run(&input, &mut Accounts::unknown(Options::default())).expect("a template");
    let advice = read.advice.iter();
    advice.map(|it| it.words.to_string()).collect()
}

#[track_caller]
fn says(found: &[String], words: &[&str]) {
    let has = |words: &&str| found.iter().any(|it| it.contains(*words));
    assert!(words.iter().all(has), "{found:?}");
}

fn nested(url: &str) -> Value {
    template(json!({
        "K": key(json!({})),
        "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    }))
}

#[test]
fn a_nested_stack_that_is_not_judged_says_where_its_template_should_be_f8() {
    for (url, words) in [
        (
            "https://s3.amazonaws.com/b/n.yaml",
            "its `TemplateURL` is not the path of a file; check the template as it was before \
             `aws cloudformation package`",
        ),
        (
            "../n.yaml",
            "its template `../n.yaml` is outside the folder of the template that is checked",
        ),
        (
            "n.yaml",
            "its template `n.yaml` was not found beside `d/t.json`; put it there",
        ),
    ] {
        let found = said(&[("d/t.json", nested(url))], None);
        says(
            &found,
            &["`N` is a nested stack, which is not judged: ", words],
        );
    }
    let inner = template(json!({"K": key(json!({}))}));
    let files = [("d/t.json", nested("n.json")), ("d/n.json", inner)];
    let words =
        "its running template is not beside that of the parent (`--deployed`); put it there";
    says(&said(&files, Some(&nested("n.json"))), &[words]);
}

#[test]
fn what_cloudformation_alone_expands_says_which_template_to_check_f8() {
    let processed = "check the processed template, which `aws cloudformation get-template --stack-name STACK \
                     --change-set-name CHANGE-SET --template-stage Processed` prints";
    let mut made = template(json!({"K": key(json!({})), "M": {"Type": "My::Test::Thing::MODULE"}}));
    made["Transform"] = json!("MyMacro");
    says(
        &said(&[("t.json", made)], None),
        &[
            &format!(
                "the transform `MyMacro` is not run, and what it makes is not judged: {processed}"
            ),
            &format!("`M` is a module, which is not expanded and not judged: {processed}"),
        ],
    );
}

#[test]
fn a_condition_that_is_not_known_names_the_option_that_tells_it_f8() {
    let mut open = template(json!({"K": key(json!({}))}));
    open["Parameters"] = json!({"P": {"Type": "String"}});
    open["Conditions"] = json!({"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}});
    open["Resources"]["K"]["Condition"] = json!("C");
    let words = "it is not known whether the condition `C` holds; it is assumed to: give the parameters that it uses with \
                 `--parameter NAME=VALUE`";
    says(&said(&[("t.json", open)], None), &[words]);
}

#[test]
fn a_property_of_a_key_that_cannot_change_says_how_to_make_a_new_key_f9() {
    let of = |spec: &str| template(json!({"K": key(json!({"KeySpec": spec}))}));
    let words = "the `KeySpec` of a key cannot be changed, and CloudFormation refuses the update: to make a new key, give \
                 it another logical ID";
    let found = said(&[("t.json", of("HMAC_256"))], Some(&of("HMAC_512")));
    says(&found, &[words]);
}

/// Of the values that a parameter may have none is shown as if it were the one.
#[test]
fn an_alias_whose_name_depends_on_a_parameter_is_shown_by_each_name_that_it_may_have() {
    let of = |values: &[&str]| {
        let mut open = template(json!({
            "K": key(json!({})),
            "A": alias(json!({"Fn::Sub": "alias/${P}"}), json!({"Ref": "K"})),
            "B": alias(json!("alias/b"), json!({"Ref": "K"}))
        }));
        open["Parameters"] = json!({"P": {"Type": "String", "AllowedValues": values}});
        open["Outputs"] = json!({"O": {"Value": {"Ref": "P"}}});
        let text = open.to_string();
        let file = File {
            name: "t",
            bytes: text.as_bytes(),
        };
        let accounts = Accounts::unknown(Options::default());
        let judged = judge_run(&RunInput::new(file, NOW), accounts).expect("a template");
        let steps = judged.read.run.steps.iter();
        let names = steps.filter_map(|step| match step.request.references().0? {
            NameReference::Text(text) => Some(text.to_string()),
            NameReference::Unknown(name) => Some(name.label.to_string()),
            NameReference::Absent => None,
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(of(&["dev", "prod"]), ["alias/dev or alias/prod", "alias/b"]);
    assert_eq!(
        of(&["1", "2", "3", "4", "5"]),
        ["alias/1 or alias/2 or alias/3 or …", "alias/b"]
    );
    assert_eq!(of(&["dev"]), ["alias/dev", "alias/b"]);
}

/// The file and the line of what has an address, in the new templates and the running ones.
#[test]
fn where_a_resource_is_written_is_known_by_its_address() {
    let inner = nested::with_a_key();
    let inner_text = format!("{inner:#}");
    let line = |text: &str, of: &str| {
        let mut lines = text.lines().map(|line| line.trim_start().starts_with(of));
        lines.position(|is_it| is_it).map(|before| before + 1)
    };
    let outer = template(json!({
        "New": nested::stack("inner.json", json!({"Name": "alias/new"})), "K": key(json!({})),
        "A": alias(json!("alias/a"), json!({"Ref": "K"}))
    }));
    let printed = json!({"TemplateBody": outer});
    let in_text = json!({"TemplateBody": outer.to_string()});
    let mut old = outer.clone();
    old["Resources"]["Gone"] = nested::stack("gone.json", json!({"Name": "alias/gone"}));
    let texts = |outer: &Value| {
        [
            ("d/outer.json", format!("{outer:#}")),
            ("d/inner.json", inner_text.clone()),
        ]
    };
    for (outer, has_lines) in [(outer, true), (printed, true), (in_text, false)] {
        let new = texts(&outer);
        let mut old = texts(&old).to_vec();
        old.push(("d/gone.json", inner_text.clone()));
        let old: Vec<_> = old
            .into_iter()
            .map(|(name, text)| (name.replace("d/", "old/"), text))
            .collect();
        let files = |texts: &'static [(String, String)]| -> Vec<File<'static>> {
            let each = texts.iter();
            each.map(|(name, text)| File {
                name,
                bytes: text.as_bytes(),
            })
            .collect()
        };
        let new: Vec<_> = new
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone()))
            .collect();
        let outer_line = line(&new[0].1, "\"A\"").filter(|_| has_lines);
        let inner_line = line(&inner_text, "\"KeyAlias\"");
        let (new, old) = (files(new.leak()), files(old.leak()));
        let mut input = RunInput::new(new[0], NOW);
        input.templates = new[1..].to_vec();
        input.deployed = Some(old[0]);
        input.deployed_templates = old[1..].to_vec();
        let read = judge_run(&input, Accounts::unknown(Options::default()))
            .expect("a template")
            .read;
        assert_eq!(
            read.source_of("Gone/KeyAlias"),
            Some(("old/gone.json", inner_line))
        );
        // What does not change has no step.
        assert_eq!(read.source_of("A"), None);
        input.deployed = None;
        input.deployed_templates.clear();
        let read = judge_run(&input, Accounts::unknown(Options::default()))
            .expect("a template")
            .read;
        assert_eq!(
            read.source_of("New/KeyAlias"),
            Some(("d/inner.json", inner_line))
        );
        assert_eq!(read.source_of("A"), Some(("d/outer.json", outer_line)));
    }
}
