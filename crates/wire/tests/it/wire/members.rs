//! Every member of every operation, against a second copy of the service model.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::world::{KEY, ask, table};

const MEMBERS: &str = include_str!("members.txt");

/// A line of the copy.
#[derive(Clone, Debug)]
struct Row {
    operation: &'static str,
    /// The member, and the member of the structure in it if the line is about that.
    path: Vec<&'static str>,
    is_required: bool,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Text(usize, usize),
    /// With a pattern, which an empty text breaks too.
    Patterned(usize, usize),
    /// The name of a Region, of so many characters.
    Region(usize, usize),
    OneOf(BTreeSet<&'static str>),
    /// A closed list that an error does not tell as it is.
    ToldOtherwise(BTreeSet<&'static str>),
    Integer(i64, i64),
    Boolean,
    Blob(usize, usize),
    List(usize, Option<usize>, Box<Self>),
    Map,
    Structure,
    Structures,
}

fn bounds<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> (T, Option<T>) {
    let (least, most) = text.split_once("..").expect("bounds");
    let number = |text: &str| text.parse().expect("a number");
    (number(least), (!most.is_empty()).then(|| number(most)))
}

fn kind(words: &[&'static str]) -> Kind {
    match *words {
        ["string", text] => {
            let (least, most) = bounds(text);
            Kind::Text(least, most.expect("a bound"))
        }
        ["blob", text] => {
            let (least, most) = bounds(text);
            Kind::Blob(least, most.expect("a bound"))
        }
        ["integer", text] => {
            let (least, most) = bounds(text);
            Kind::Integer(least, most.expect("a bound"))
        }
        ["patterned", text] => {
            let (least, most) = bounds(text);
            Kind::Patterned(least, most.expect("a bound"))
        }
        ["region", text] => {
            let (least, most) = bounds(text);
            Kind::Region(least, most.expect("a bound"))
        }
        ["one-of", names] => Kind::OneOf(names.split(',').collect()),
        ["told-otherwise", names] => Kind::ToldOtherwise(names.split(',').collect()),
        ["boolean"] => Kind::Boolean,
        ["map"] => Kind::Map,
        ["structure"] => Kind::Structure,
        ["structures"] => Kind::Structures,
        ["list", text, "of", ref each @ ..] => {
            let (least, most) = bounds(text);
            Kind::List(least, most, Box::new(kind(each)))
        }
        _ => panic!("no type: {words:?}"),
    }
}

fn rows() -> Vec<Row> {
    let lines = MEMBERS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            let [operation, path, presence, ref of @ ..] = words[..] else {
                panic!("no row: {line}");
            };
            Row {
                operation,
                path: path.split('.').collect(),
                is_required: presence == "required",
                kind: kind(of),
            }
        })
        .collect()
}

/// The first line of each operation's members, and the lines of its structures' members.
fn members() -> BTreeMap<&'static str, Vec<Row>> {
    let mut members = BTreeMap::<_, Vec<_>>::new();
    for row in rows().into_iter().filter(|row| row.path.len() == 1) {
        members.entry(row.operation).or_default().push(row);
    }
    members
}

fn text(row: &Row, length: usize) -> Value {
    let filling = match *row.path.last().expect("a member") {
        "AliasName" | "XksKeyId" | "KeyId" | "TargetKeyId" | "PolicyName" | "Name"
        | "GranteePrincipal" | "RetiringPrincipal" => "a",
        "Policy" | "Marker" => "\u{ff}",
        // A character of four bytes: lengths count characters.
        _ => "\u{1d4b6}",
    };
    filling.repeat(length).into()
}

/// So many bytes of zero, in base64.
fn blob(length: usize) -> Value {
    let rest = ["", "AA==", "AAA="][length % 3];
    ("AAAA".repeat(length / 3) + rest).into()
}

fn a_value(row: &Row) -> Value {
    match &row.kind {
        Kind::Patterned(..) if row.path.last() == Some(&"AliasName") => "alias/none".into(),
        Kind::Text(..) | Kind::Patterned(..) => KEY.into(),
        Kind::OneOf(names) | Kind::ToldOtherwise(names) => (*names.first().expect("a name")).into(),
        Kind::Integer(least, _) => (*least).into(),
        Kind::Region(..) => "eu-west-1".into(),
        Kind::Structures => json!([]),
        Kind::List(..) => json!([]),
        Kind::Blob(least, _) => blob(*least),
        _ => panic!("{row:?} is not required of any operation"),
    }
}

/// A request with all that is required, and with this in the place of a member.
fn request(row: &Row, value: Value) -> Value {
    let members = &members()[row.operation];
    let mut request: Map<String, Value> = members
        .iter()
        .filter(|member| member.is_required)
        .map(|member| (member.path[0].to_owned(), a_value(member)))
        .collect();
    if row.operation == "Decrypt" {
        // The model lets it be absent, for dry runs alone.
        request.insert("CiphertextBlob".to_owned(), blob(1));
    }
    match row.path[..] {
        [member] => request.insert(member.to_owned(), value),
        ["Tags[]", inner] => {
            let mut tag = json!({"TagKey": "key", "TagValue": "value"});
            tag[inner] = value;
            request.insert("Tags".to_owned(), json!([tag]))
        }
        [outer, inner] => request.insert(outer.to_owned(), json!({inner: value})),
        _ => panic!("too deep: {row:?}"),
    };
    Value::Object(request)
}

/// The member as the service's errors name it.
fn place(row: &Row) -> String {
    let lower = |name: &str| name[..1].to_lowercase() + &name[1..];
    let path = row.path.iter().map(|name| lower(name)).collect::<Vec<_>>();
    path.join(".").replace("[]", ".1.member")
}

/// What is told of a member, if it breaks a constraint: a single one, and nothing of the others.
fn told(row: &Row, value: Value) -> Option<String> {
    let is_empty = value == "";
    let (_, body) = ask(&mut table(), row.operation, &request(row, value));
    assert_ne!(body["__type"], "SerializationException", "{row:?}: {body}");
    let message = body["message"].as_str()?;
    let (value, constraint) = message.split_once("' failed to satisfy constraint: ")?;
    // An origin asks for other members, which are not what this is about.
    if !value.ends_with(&format!(" at '{}", place(row))) {
        return None;
    }
    let (count, constraint) = match constraint.split_once("; Value") {
        None => ("1 validation error", constraint),
        // An empty text breaks its pattern too.
        Some((first, second)) => {
            assert!(second.contains("regular expression"), "{message}");
            ("2 validation errors", first)
        }
    };
    let start = format!("{count} detected: Value");
    assert!(value.starts_with(&start), "{message}");
    let is_two = count.starts_with('2');
    assert_eq!(
        is_two,
        is_empty && matches!(row.kind, Kind::Patterned(..)),
        "{message}"
    );
    Some(constraint.to_owned())
}

#[track_caller]
fn keeps(row: &Row, value: Value) {
    assert_eq!(told(row, value), None, "{row:?}");
}

#[track_caller]
fn breaks(row: &Row, value: Value, constraint: &str) {
    assert_eq!(told(row, value).as_deref(), Some(constraint), "{row:?}");
}

fn check_length(row: &Row, (least, most): (usize, usize), value: impl Fn(usize) -> Value) {
    keeps(row, value(least));
    keeps(row, value(most));
    let above = format!("Member must have length less than or equal to {most}");
    breaks(row, value(most + 1), &above);
    if least > 0 {
        let below = format!("Member must have length greater than or equal to {least}");
        breaks(row, value(least - 1), &below);
    }
}

fn check(row: &Row) {
    match &row.kind {
        Kind::Text(least, most) | Kind::Patterned(least, most) => {
            check_length(row, (*least, *most), |length| text(row, length));
        }
        Kind::Region(least, most) => {
            keeps(row, "eu-west-1".into());
            keeps(row, "us-gov-west-1".into());
            let region = |length: usize| ("a".repeat(length - 4) + "-b-1").into();
            keeps(row, region(*most));
            assert_eq!(*least, 1);
            let above = format!("Member must have length less than or equal to {most}");
            breaks(row, region(most + 1), &above);
            for none in [
                "eu",
                "eu-west",
                "EU-west-1",
                "eu-west-1a",
                "a-b-c-d-1",
                "eu--1",
            ] {
                let what = "Member must satisfy regular expression pattern: ^([a-z]+-){2,3}\\d+$";
                breaks(row, none.into(), what);
            }
        }
        Kind::ToldOtherwise(names) => {
            for name in names {
                keeps(row, (*name).into());
            }
            let told = told(row, "NONE".into()).expect("a violation");
            let list = told.strip_prefix("Member must satisfy enum value set: [");
            assert!(list.is_some_and(|list| list.ends_with(']')), "{told}");
            breaks(row, "RSA_2048".into(), &told);
        }
        Kind::Blob(least, most) => check_length(row, (*least, *most), blob),
        Kind::Integer(least, most) => {
            keeps(row, (*least).into());
            keeps(row, (*most).into());
            let below = format!("Member must have value greater than or equal to {least}");
            breaks(row, (least - 1).into(), &below);
            let above = format!("Member must have value less than or equal to {most}");
            breaks(row, (most + 1).into(), &above);
        }
        Kind::OneOf(names) => {
            for name in names {
                keeps(row, (*name).into());
            }
            let told = told(row, "NONE".into()).expect("a violation");
            let list = told.strip_prefix("Member must satisfy enum value set: [");
            let list = list
                .and_then(|list| list.strip_suffix(']'))
                .expect("a list");
            assert_eq!(list.split(", ").collect::<BTreeSet<_>>(), *names, "{row:?}");
            breaks(row, "".into(), &told);
        }
        Kind::Boolean => {
            keeps(row, true.into());
            keeps(row, false.into());
        }
        Kind::Map => keeps(row, json!({"": "", "a": "b"})),
        Kind::Structure => keeps(row, json!({"Unknown": 1})),
        Kind::Structures => keeps(row, json!([])),
        Kind::List(least, most, each) => {
            let one = match &**each {
                Kind::Text(least, _) => "a".repeat(*least),
                Kind::OneOf(names) => (*names.first().expect("a name")).to_owned(),
                other => panic!("no list of {other:?}"),
            };
            keeps(row, vec![one.clone(); *least].into());
            if let Some(most) = *most {
                check_length(row, (*least, most), |length| {
                    vec![one.clone(); length].into()
                });
            }
        }
    }
}

#[test]
fn every_member_keeps_to_its_bounds_and_names_k7() {
    let rows = rows();
    assert_eq!(rows.len(), 142);
    for row in &rows {
        check(row);
    }
}

#[test]
fn every_required_member_has_to_be_there_k7() {
    let rows = rows();
    let required = rows.iter().filter(|row| row.is_required);
    assert_eq!(required.clone().count(), 62);
    for row in required {
        breaks(row, Value::Null, "Member must not be null");
    }
    for row in rows.iter().filter(|row| !row.is_required) {
        let asked = matches!(row.path[..], ["CiphertextBlob"]);
        assert_eq!(told(row, Value::Null).is_some(), asked, "{row:?}");
    }
}

#[test]
fn an_operation_has_no_other_members() {
    let names: BTreeSet<_> = rows()
        .iter()
        .map(|row| row.path[0].replace("[]", ""))
        .collect();
    let members = members();
    assert_eq!(members.len(), 37);
    for (operation, own) in &members {
        let foreign = |name: &&String| own.iter().all(|row| row.path[0] != **name);
        for name in names.iter().filter(foreign) {
            let mut request = request(&own[0], Value::Null);
            request[name] = json!([[]]);
            let (_, body) = ask(&mut table(), operation, &request);
            assert_ne!(
                body["__type"], "SerializationException",
                "{operation} {name}: {body}"
            );
        }
    }
}
