//! A second evaluator of conditions, over every request of a small world: what the rules call
//! dead no request brings to life, and what they call without effect has none.

use kms_alias_lint::{Finding, PolicyKind, Severity};
use kms_alias_testing::size;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::policies::findings;

const NAMES: &[&str] = &["alias/a", "alias/b", "alias/aws/s3"];
const KEY: &str = "arn:aws:kms:eu-west-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6";
const SCOPE: &str = "arn:aws:kms:eu-west-1:210987654321:";

/// One question that KMS asks IAM.
#[derive(Clone, Debug)]
struct Request {
    operation: &'static str,
    resource: String,
    request_alias: Option<&'static str>,
    /// None where the request is authorized for no key, or the key has no alias.
    resource_aliases: Option<Vec<&'static str>>,
    key_spec: Option<&'static str>,
}

fn alias_sets() -> Vec<Option<Vec<&'static str>>> {
    let mut sets = vec![None];
    for bits in 1..1_usize << NAMES.len() {
        let set = NAMES
            .iter()
            .enumerate()
            .filter(|(index, _)| bits & (1 << index) != 0);
        sets.push(Some(set.map(|(_, name)| *name).collect()));
    }
    sets
}

/// Every request of the world.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for resource_aliases in alias_sets() {
        let on_key = |operation, request_alias| Request {
            operation,
            resource: KEY.to_owned(),
            request_alias,
            resource_aliases: resource_aliases.clone(),
            key_spec: Some("RSA_2048"),
        };
        for operation in ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"] {
            requests.push(on_key(operation, None));
            // A request names the key by one of the aliases that it has.
            for name in resource_aliases.iter().flatten() {
                requests.push(on_key(operation, Some(name)));
            }
        }
        for operation in [
            "kms:DisableKey",
            "kms:CreateAlias",
            "kms:UpdateAlias",
            "kms:DeleteAlias",
        ] {
            requests.push(on_key(operation, None));
        }
    }
    let without_key = |operation, resource| Request {
        operation,
        resource,
        request_alias: None,
        resource_aliases: None,
        key_spec: None,
    };
    for operation in ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"] {
        requests.extend(
            NAMES
                .iter()
                .map(|name| without_key(operation, format!("{SCOPE}{name}"))),
        );
    }
    for operation in ["kms:ListKeys", "kms:ListAliases", "kms:GenerateRandom"] {
        requests.push(without_key(operation, "*".to_owned()));
    }
    requests
}

fn like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if like(rest, text) => true,
        (Some((b'*', _)), Some((_, text))) => like(pattern, text),
        (Some((b'?', rest)), Some((_, text))) => like(rest, text),
        (Some((a, rest)), Some((b, text))) => a == b && like(rest, text),
        _ => false,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn values_of(request: &Request, key: &str) -> Option<Vec<&'static str>> {
    match key {
        "kms:RequestAlias" => request.request_alias.map(|name| vec![name]),
        "kms:ResourceAliases" => request.resource_aliases.clone(),
        "kms:KeySpec" => request.key_spec.map(|spec| vec![spec]),
        other => panic!("{other}"),
    }
}

fn test_holds(operator: &str, key: &str, wanted: &Value, request: &Request) -> bool {
    let (set, rest) = operator.split_once(':').unwrap_or(("", operator));
    let values = values_of(request, key);
    let wanted = texts(wanted);
    if rest == "Null" {
        return values.is_none() == (wanted == ["true"]);
    }
    let comparison = rest.strip_suffix("IfExists").unwrap_or(rest);
    let negated = comparison.contains("Not");
    let fits = |value: &str| {
        let equal = |wanted: &String| match comparison {
            "StringLike" | "StringNotLike" => like(wanted.as_bytes(), value.as_bytes()),
            _ => wanted == value,
        };
        wanted.iter().any(equal) != negated
    };
    match (values, set) {
        (None, _) if rest.ends_with("IfExists") => true,
        (None, "ForAllValues") => true,
        (None, "ForAnyValue") => false,
        (None, _) => negated,
        (Some(values), "ForAllValues") => values.iter().all(|value| fits(value)),
        (Some(values), _) => values.iter().any(|value| fits(value)),
    }
}

fn tests(statement: &Value) -> Vec<(&String, &String, &Value)> {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    let tests = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, value)| (operator, key, value))
    });
    tests.collect()
}

fn action_fits(action: &str, request: &Request) -> bool {
    let action = action.to_ascii_lowercase();
    like(
        action.as_bytes(),
        request.operation.to_ascii_lowercase().as_bytes(),
    )
}

/// Whether a request comes under a statement, by one of its actions and a choice of its tests.
fn applies(
    statement: &Value,
    action: &str,
    request: &Request,
    counts: impl Fn(&str) -> bool,
) -> bool {
    let mut resources = texts(&statement["Resource"]).into_iter();
    action_fits(action, request)
        && resources.any(|own| like(own.as_bytes(), request.resource.as_bytes()))
        && tests(statement)
            .into_iter()
            .filter(|(_, key, _)| counts(key))
            .all(|(operator, key, value)| test_holds(operator, key, value, request))
}

fn statement() -> impl Strategy<Value = Value> {
    let action = prop::sample::select(vec![
        "kms:Decrypt",
        "kms:GenerateDataKey*",
        "kms:DisableKey",
        "kms:CreateAlias",
        "kms:UpdateAlias",
        "kms:*Alias",
        "kms:D*",
        "kms:*",
        "kms:ListKeys",
        "kms:List*",
        "kms:GenerateRandom",
        "s3:*",
    ]);
    let resource = prop::sample::select(vec![
        "*",
        "arn:aws:kms:*:*:alias/*",
        "arn:aws:kms:eu-west-1:210987654321:alias/a",
        "arn:aws:kms:*:210987654321:key/*",
        KEY,
        "arn:aws:kms:*:210987654321:*",
        "arn:aws:s3:::b",
        "arn:aws:kms:eu-west-1:210987654321:a*",
        "arn:*",
    ]);
    let comparison = prop::sample::select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIfExists",
        "Null",
    ]);
    let set = prop::sample::select(vec!["", "ForAnyValue:", "ForAllValues:"]);
    let key = prop::sample::select(vec![
        "kms:RequestAlias",
        "kms:ResourceAliases",
        "kms:KeySpec",
    ]);
    let value = prop::sample::select(vec![
        "alias/a",
        "alias/*",
        "alias/?",
        "app",
        "*",
        "alias/aws/*",
        "RSA_2048",
        "s3",
        "a?ias/b",
    ]);
    let test = (
        set,
        comparison,
        key,
        prop::collection::vec(value, 1..3),
        any::<bool>(),
    );
    let list = |one| prop::collection::vec(one, 1..4);
    (list(action.boxed()), list(resource.boxed()), prop::collection::vec(test, 0..3), any::<bool>())
        .prop_map(|(actions, resources, tests, allow)| {
            let mut condition = Map::new();
            for (set, comparison, key, values, absent) in tests {
                let is_null = comparison == "Null";
                let operator = if is_null { "Null".to_owned() } else { format!("{set}{comparison}") };
                let values = if is_null { json!(absent.to_string()) } else { json!(values) };
                let keys = condition.entry(operator).or_insert(json!({}));
                keys[key] = values;
            }
            let effect = if allow { "Allow" } else { "Deny" };
            json!({"Effect": effect, "Action": actions, "Resource": resources, "Condition": condition})
        })
}

fn is_about_a_key(key: &str) -> bool {
    key != "kms:RequestAlias"
}

/// What a finding claims of a statement, judged by every request.
fn check(statement: &Value, finding: &Finding, requests: &[Request]) -> Result<(), TestCaseError> {
    let path = &finding.policy.as_ref().unwrap().path;
    let all = texts(&statement["Action"]);
    let named = path
        .strip_prefix("/Action/")
        .map(|index| all[index.parse::<usize>().unwrap()].clone());
    let actions = &named.map_or(all, |action| vec![action]);
    let under = |counts: fn(&str) -> bool| {
        let requests = requests.iter().filter(move |request| {
            actions
                .iter()
                .any(|action| applies(statement, action, request, counts))
        });
        requests
            .map(|request| format!("{request:?}"))
            .collect::<Vec<_>>()
    };
    let all = under(|_| true);
    match (finding.rule.number(), finding.severity) {
        ("W1" | "W8" | "W9", Severity::Error) => {
            prop_assert_eq!(all, Vec::<String>::new(), "{}", statement)
        }
        ("W8", _) if !path.starts_with("/Action") => {
            prop_assert_eq!(all, under(|key| !is_about_a_key(key)), "{}", statement);
        }
        ("W9", _) => {
            // Of two conditions the finding is about one.
            let without = [
                under(|key| key != "kms:RequestAlias"),
                under(|key| key != "kms:ResourceAliases"),
            ];
            prop_assert!(without.contains(&all), "{statement}");
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(size(1_000, 3_000)))]

    #[test]
    fn what_is_called_dead_or_without_effect_is(statement in statement()) {
        let requests = requests();
        for finding in findings(&statement, PolicyKind::Identity, false) {
            check(&statement, &finding, &requests)?;
        }
    }

    #[test]
    fn a_value_called_impossible_matches_no_name(
        value in "(alias/|ali|arn:|)[a-c*?/:. {}$-]{0,6}",
        name in "alias/[a-c/_-]{1,6}",
        operator in prop::sample::select(vec!["StringEquals", "StringLike"]),
    ) {
        // A placeholder of another tool is any text.
        prop_assume!(!value.contains("{{"));
        let statement = json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {operator: {"kms:RequestAlias": value}}});
        let found = findings(&statement, PolicyKind::Identity, false);
        let impossible = found.iter().any(|finding| finding.rule.number() == "W10");
        let matches = if operator == "StringLike" {
            like(value.as_bytes(), name.as_bytes())
        } else {
            value == name
        };
        prop_assert!(!(impossible && matches), "{value} {name}");
        // Of a value without variables each name that could match has a witness of its own.
        if !impossible && !value.contains("${") {
            let witness = witness(&value);
            let is_like = like(value.as_bytes(), witness.as_bytes());
            prop_assert!(is_like && kms_alias::AnyAliasName::is_valid(&witness), "{value} {witness}");
        }
    }
}

/// Some alias name that a pattern matches, found by trying.
fn witness(pattern: &str) -> String {
    let whole = "alias/x";
    let ends = |from: usize| (from..=whole.len()).map(move |to| &whole[from..to]);
    let fillings: Vec<&str> = (0..whole.len()).flat_map(ends).collect();
    let mut open: Vec<String> = vec![String::new()];
    for character in pattern.chars() {
        let choices: Vec<String> = match character {
            '*' => fillings
                .iter()
                .map(|filling| (*filling).to_owned())
                .collect(),
            '?' => "alis/x".chars().map(String::from).collect(),
            other => vec![other.to_string()],
        };
        let longer = open
            .iter()
            .flat_map(|begun| choices.iter().map(move |choice| format!("{begun}{choice}")));
        let is_begun =
            |text: &String| "alias/".starts_with(text.as_str()) || text.starts_with("alias/");
        let mut longer: Vec<_> = longer.filter(is_begun).collect();
        longer.sort();
        longer.dedup();
        longer.truncate(400);
        open = longer;
    }
    let mut names = open
        .into_iter()
        .filter(|text| kms_alias::AnyAliasName::is_valid(text));
    names.next().unwrap_or_default()
}

/// Pieces of names and targets, a hole being `\0`.
fn partly_literal() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\0",
        "\0",
        "alias/",
        "ali",
        "as/",
        "aws",
        "/",
        "a",
        ".",
        "arn:aws:kms:",
        "eu-west-1",
        ":",
        "210987654321",
        ":alias/",
        ":key/",
        "5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6",
        "mrk-",
        "5f0c2a9e",
    ]);
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn filling() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "",
        "a",
        "alias/",
        "lias/",
        "/",
        "x",
        "arn:aws:kms:eu-west-1:210987654321:key/",
        "aws",
        "eu-west-1",
        ":",
        "210987654321",
        ":key/",
        "5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6",
        "-7b31-4d68-9a4e-c1d2e3f4a5b6",
        "kms",
        "5f0c2a9e5f0c2a9e5f0c2a9e5f0c2a9e",
        "arn:aws:kms:",
        "mrk-",
    ]);
    prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

/// The rules that a text breaks as an attribute of an alias in Terraform.
fn broken(attribute: &str, text: &str) -> Vec<String> {
    let text = text.replace('\0', "${var.x}");
    let file = format!("resource \"aws_kms_alias\" \"a\" {{\n  {attribute} = \"{text}\"\n}}\n");
    let report = crate::files::lint(&[("main.tf", &file)]);
    assert_eq!(report.unread, []);
    report
        .findings
        .iter()
        .map(|finding| finding.rule.to_string())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(size(1_000, 3_000)))]

    #[test]
    fn no_completion_of_what_is_called_wrong_is_right(
        text in partly_literal(),
        fillings in prop::collection::vec(filling(), 6),
    ) {
        let mut next = fillings.iter();
        let mut whole = String::new();
        for character in text.chars() {
            match character {
                '\0' => whole += next.next().map_or("", String::as_str),
                other => whole.push(other),
            }
        }
        let (name, target) = (broken("name", &text), broken("target_key_id", &text));
        prop_assert!(name.is_empty() || whole.parse::<kms_alias::AliasName>().is_err(), "{whole}");
        prop_assert!(target.is_empty() || whole.parse::<kms_alias::TargetKeyId>().is_err(), "{whole}");
        // Where nothing is open, it is wrong exactly if the core says so.
        if !text.contains('\0') {
            prop_assert_eq!(name.is_empty(), text.parse::<kms_alias::AliasName>().is_ok());
            prop_assert_eq!(target.is_empty(), text.parse::<kms_alias::TargetKeyId>().is_ok());
        }
    }
}
