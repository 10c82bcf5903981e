//! Patterns, sets of them, and conditions, against a second evaluator.

use kms_alias::AnyAliasName;
use kms_alias_foresee::{
    AliasCondition, AliasConditions, AliasPattern, ConditionKey, KeyAliases, Standing,
};
use serde_json::Value;

use kms_alias_testing::policy;

/// A matcher that fills a table takes this much of a text, and not hours.
const LONGEST: usize = 600;

/// What begins like an object is a document of conditions; else patterns, a line each, and after an
/// empty line the names that they are asked about (rules P1–P3, P5).
pub fn pattern(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        conditions(text);
    } else {
        let (texts, names) = text.split_once("\n\n").unwrap_or((text, ""));
        patterns(texts, names);
    }
}

/// A pattern matches exactly what its definition says, alone and in a set.
fn patterns(texts: &str, names: &str) {
    let short = |line: &&str| line.chars().count() <= LONGEST;
    let texts: Vec<&str> = texts.split('\n').filter(short).take(20).collect();
    let names: Vec<&str> = names.split('\n').filter(short).take(20).collect();
    let mut taken = Vec::new();
    for text in texts {
        match text.parse::<AliasPattern>() {
            Ok(pattern) => {
                assert_eq!(pattern.as_str(), text);
                assert!(!text.contains("${"), "a policy variable");
                taken.push(pattern);
            }
            Err(error) => assert_eq!(text.find("${"), Some(error.position())),
        }
    }
    for name in &names {
        for pattern in &taken {
            let expected = policy::like(pattern.as_str(), name);
            assert_eq!(pattern.matches(name), expected, "{pattern} {name}");
        }
    }
    for pattern in &taken {
        idle(pattern, &names);
    }
}

/// What is said to match no alias name matches none of these.
fn idle(pattern: &AliasPattern, names: &[&str]) {
    let like = "StringLike".parse().expect("an operator");
    let condition = AliasCondition::new(like, ConditionKey::RequestAlias, [pattern]);
    if condition
        .expect("a condition")
        .idle_values()
        .next()
        .is_some()
    {
        let mut names = names.iter().filter(|name| AnyAliasName::is_valid(name));
        let matched = names.find(|name| policy::like(pattern.as_str(), name));
        assert_eq!(matched, None, "{pattern}");
    }
}

/// Names to ask about, those of the document itself among them.
fn names(text: &str) -> Vec<&str> {
    let said = text.split('"').filter(|name| AnyAliasName::is_valid(name));
    let some = [
        "alias/a",
        "alias/A",
        "alias/prod-db",
        "alias/aws/s3",
        "alias/b/c_d",
    ];
    let mut names: Vec<&str> = some.into_iter().chain(said.take(4)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Conditions that are read stand to every request as the document says, read as plain JSON.
fn conditions(text: &str) {
    let conditions = match AliasConditions::from_json(text.as_bytes()) {
        Ok(conditions) => conditions,
        Err(error) => {
            let lines = text.split('\n').count();
            assert!(
                error.line().is_none_or(|line| (1..=lines).contains(&line)),
                "{error}"
            );
            return;
        }
    };
    let documents = serde_json::Deserializer::from_str(text);
    let documents: Vec<Value> = (documents.into_iter())
        .collect::<Result<_, _>>()
        .expect("what was read is JSON");
    let named = documents
        .iter()
        .flat_map(|document| document.as_object().expect("an object"));
    let (mut count, names) = (0, names(text));
    for (name, element) in named {
        count += 1;
        let condition = conditions.get(name).expect("a condition of that name");
        let element = element.get("Condition").unwrap_or(element);
        stands(condition, element, &names);
    }
    assert_eq!(conditions.len(), count);
}

fn stands(condition: &AliasCondition, element: &Value, names: &[&str]) {
    let long = |text: &str| text.chars().count() > LONGEST;
    if element.to_string().split('"').any(long) {
        return;
    }
    let parse = |name: &&str| name.parse::<AnyAliasName>().expect("a name");
    for first in 0..=names.len() {
        let own = &names[first..];
        let aliases = KeyAliases::new(own.iter().map(parse), 4);
        let counted = own
            .iter()
            .filter(|name| !name.starts_with("alias/aws/"))
            .count();
        let denied = counted > 4 && policy::names_key(element, "kms:ResourceAliases");
        for request in [None].into_iter().chain(names.iter().map(Some)) {
            let holds = policy::holds(element, request.copied(), own);
            let expected = match (denied, holds) {
                (true, _) => Standing::Denied,
                (false, true) => Standing::Under,
                (false, false) => Standing::Outside,
            };
            let standing = condition.standing(request.map(parse).as_ref(), &aliases);
            assert_eq!(standing, expected, "{element} {request:?} {own:?}");
        }
    }
}
