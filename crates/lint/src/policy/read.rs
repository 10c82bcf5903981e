//! From a tree to a policy.

use std::collections::HashMap;
use std::ops::Range;

use super::model::{Action, Effect, Entry, Policy, PolicyKind, Resource, Statement, Test};
use super::pattern::{Pattern, Token};
use super::resource::ResourcePattern;
use super::vocabulary::Operations;
use crate::finding::StatementName;
use crate::format::placeholder::filled_by_tools;
use crate::text::HOLE;
use crate::tree::{Member, Node, Value};

/// The policies that a JSON file holds: one document, one statement, or a list of either.
///
/// The answers of the AWS CLI that hold documents, such as those of `get-policy-version` and
/// `get-account-authorization-details`, are read as well. Anything else is no policy.
pub(crate) fn policies(node: &Node, kind: PolicyKind) -> Vec<Policy> {
    const WRAPPERS: &[&[&str]] = &[&["PolicyVersion", "Document"], &["PolicyDocument"]];
    let inner = WRAPPERS.iter().find_map(|path| {
        let inner = node.path(path)?;
        is_document(inner).then(|| (inner, format!("/{}", path.join("/"))))
    });
    if let Some((inner, pointer)) = inner {
        return vec![document(inner, kind, &pointer)];
    }
    if let Some(inner) = node.member("Policy").filter(|inner| is_document(inner)) {
        // The only name of a key policy.
        let name = node.member("PolicyName").and_then(Node::literal);
        let kind = match name {
            Some("default") => PolicyKind::Key,
            _ => kind,
        };
        return vec![document(inner, kind, "")];
    }
    if let Some(inner) = node
        .path(&["Policy", "Content"])
        .filter(|own| is_document(own))
    {
        let policy_type = node.path(&["Policy", "PolicySummary", "Type"]);
        let kind = match policy_type.and_then(Node::literal) {
            Some("SERVICE_CONTROL_POLICY") => PolicyKind::Scp,
            Some("RESOURCE_CONTROL_POLICY") => PolicyKind::Rcp,
            _ => kind,
        };
        return vec![document(inner, kind, "")];
    }
    let of_account = of_account(node);
    if !of_account.is_empty() {
        return of_account;
    }
    if is_document(node) {
        return vec![document(node, kind, "")];
    }
    if is_statement(node) {
        return vec![bare(&[(String::new(), node)], kind)];
    }
    of_list(node, kind)
}

/// Where the answer of `get-account-authorization-details` has policies: in lists of lists.
const OF_ACCOUNT: &[[&str; 3]] = &[
    ["UserDetailList", "UserPolicyList", "PolicyDocument"],
    ["GroupDetailList", "GroupPolicyList", "PolicyDocument"],
    ["RoleDetailList", "RolePolicyList", "PolicyDocument"],
    ["Policies", "PolicyVersionList", "Document"],
];

/// The policies of such an answer, of a managed one the version that is in force.
fn of_account(node: &Node) -> Vec<Policy> {
    let is_in_force = |version: &Node| {
        let value = version.member("IsDefaultVersion").map(|own| &own.value);
        !matches!(value, Some(Value::Plain(plain)) if plain == "false")
    };
    let mut policies = Vec::new();
    for [owners, lists, name] in OF_ACCOUNT {
        let all = node.member(owners).map_or(&[][..], Node::items);
        for (owner, own) in all.iter().enumerate() {
            let own = own.member(lists).map_or(&[][..], Node::items);
            for (index, holder) in own.iter().enumerate().filter(|(_, own)| is_in_force(own)) {
                if let Some(inner) = holder.member(name).filter(|inner| is_document(inner)) {
                    let pointer = format!("/{owners}/{owner}/{lists}/{index}/{name}");
                    policies.push(document(inner, PolicyKind::Identity, &pointer));
                }
            }
        }
    }
    policies
}

/// Whether a tree is a policy document.
pub(crate) fn is_document(node: &Node) -> bool {
    let Some(statements) = node.member("Statement") else {
        return false;
    };
    match &statements.value {
        Value::List(items) => items.is_empty() || items.iter().any(is_like_a_statement),
        _ => is_like_a_statement(statements),
    }
}

fn is_like_a_statement(node: &Node) -> bool {
    ["Effect", "Action", "NotAction", "Resource", "NotResource"]
        .iter()
        .any(|name| node.member(name).is_some())
        || node
            .member("Fn::If")
            .is_some_and(|branches| branches.items().iter().any(is_like_a_statement))
}

/// Whether a tree is a statement outside of a document.
fn is_statement(node: &Node) -> bool {
    let has = |name| node.member(name).is_some();
    has("Effect") && (has("Action") || has("NotAction"))
}

fn of_list(node: &Node, kind: PolicyKind) -> Vec<Policy> {
    let items = node.items().iter().enumerate();
    let items: Vec<_> = items
        .map(|(index, item)| (format!("/{index}"), item))
        .collect();
    let mut policies: Vec<_> = items
        .iter()
        .filter(|(_, item)| is_document(item))
        .map(|(pointer, item)| document(item, kind, pointer))
        .collect();
    let statements: Vec<_> = items
        .into_iter()
        .filter(|(_, item)| is_statement(item))
        .collect();
    if !statements.is_empty() {
        policies.push(bare(&statements, kind));
    }
    policies
}

/// Reads a policy document.
pub(crate) fn document(node: &Node, kind: PolicyKind, pointer: &str) -> Policy {
    let version = node.member("Version").map(|version| match &version.value {
        Value::Text(text) => text.as_str().to_owned(),
        Value::Plain(plain) => plain.clone(),
        _ => String::from(HOLE),
    });
    let is_2012 = version
        .as_deref()
        .is_some_and(|version| version == "2012-10-17" || version.contains(HOLE));
    let statements = node
        .member("Statement")
        .map_or_else(Vec::new, |statements| {
            let pointer = format!("{pointer}/Statement");
            match &statements.value {
                Value::List(items) => items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| statement(item, index, &format!("{pointer}/{index}")))
                    .collect(),
                _ => vec![statement(statements, 0, &pointer)],
            }
        });
    Policy {
        kind,
        is_without_variables: !is_2012,
        is_of_sam: false,
        statements,
    }
}

/// Statements without a document around them, whose version nobody knows.
fn bare(statements: &[(String, &Node)], kind: PolicyKind) -> Policy {
    let statements = statements.iter().enumerate();
    Policy {
        kind,
        is_without_variables: false,
        is_of_sam: false,
        statements: statements
            .map(|(index, (pointer, node))| statement(node, index, pointer))
            .collect(),
    }
}

/// Reads a list of statements that stands for a document, as frameworks have it.
pub(crate) fn statements(node: &Node, kind: PolicyKind) -> Policy {
    let items: Vec<_> = node
        .items()
        .iter()
        .enumerate()
        .map(|(index, item)| (format!("/{index}"), item))
        .collect();
    bare(&items, kind)
}

/// A statement of which nothing is known: it may allow anything.
const fn unknown_statement(index: usize) -> Statement {
    Statement {
        name: StatementName::Index(index),
        effect: Effect::Unknown,
        actions: Vec::new(),
        not_actions: Some(Vec::new()),
        resources: Vec::new(),
        not_resources: Some(Vec::new()),
        tests: Vec::new(),
        tests_are_known: false,
        principals: Vec::new(),
    }
}

fn statement(node: &Node, index: usize, pointer: &str) -> Statement {
    if node.value == Value::Unknown {
        return unknown_statement(index);
    }
    let sid = node.member("Sid").and_then(Node::literal);
    let sid = sid.filter(|sid| !sid.is_empty());
    let list = |name: &str| {
        let member = node.member(name)?;
        Some(entries(member, &format!("{pointer}/{name}")))
    };
    let actions = |name| list(name).map(actions);
    let resources = |name| list(name).map(|entries| entries.into_iter().map(resource).collect());
    let (tests, tests_are_known) = node.member("Condition").map_or((Vec::new(), true), |node| {
        conditions(node, &format!("{pointer}/Condition"))
    });
    Statement {
        name: sid.map_or(StatementName::Index(index), |sid| {
            StatementName::Sid(sid.to_owned())
        }),
        effect: match node.member("Effect").and_then(Node::literal) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => Effect::Unknown,
        },
        actions: actions("Action").unwrap_or_default(),
        not_actions: actions("NotAction"),
        resources: resources("Resource").unwrap_or_default(),
        not_resources: resources("NotResource"),
        tests,
        tests_are_known,
        principals: principals(node, pointer),
    }
}

/// The principals of every type; `"*"` is one.
fn principals(node: &Node, pointer: &str) -> Vec<Entry> {
    let Some(principal) = node.member("Principal") else {
        return Vec::new();
    };
    let pointer = format!("{pointer}/Principal");
    match &principal.value {
        Value::Map(members) => members
            .iter()
            .flat_map(|member| entries(&member.node, &child(&pointer, &member.name)))
            .collect(),
        _ => entries(principal, &pointer),
    }
}

/// The strings of an element that is a string or a list of strings.
fn entries(node: &Node, pointer: &str) -> Vec<Entry> {
    match &node.value {
        Value::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| entry(item, format!("{pointer}/{index}")))
            .collect(),
        _ => vec![entry(node, pointer.to_owned())],
    }
}

fn entry(node: &Node, pointer: String) -> Entry {
    let (text, at) = match &node.value {
        Value::Text(text) => (filled_by_tools(text).as_str().to_owned(), text.at()),
        Value::Plain(plain) => (plain.clone(), node.at.clone()),
        Value::List(_) | Value::Map(_) | Value::Unknown => (String::from(HOLE), node.at.clone()),
    };
    Entry { text, at, pointer }
}

/// Actions, of which each text is read once: what functions and loops make repeats few of them.
fn actions(entries: Vec<Entry>) -> Vec<Action> {
    let mut read = HashMap::new();
    let action = |entry: Entry| {
        let text = entry.text.to_ascii_lowercase();
        let (operations, is_known) = *read
            .entry(text)
            .or_insert_with_key(|text| operations(&Pattern::new(text)));
        Action {
            is_known,
            entry,
            operations,
        }
    };
    entries.into_iter().map(action).collect()
}

/// The operations that an action in lower case stands for, and whether all of it is known.
fn operations(pattern: &Pattern) -> (Operations, bool) {
    let operations = if pattern.is_open() {
        matching(pattern)
    } else {
        let name = pattern.head();
        let name = name.strip_prefix("kms:").unwrap_or_default();
        Operations::of_names(|own| own.eq_ignore_ascii_case(name))
    };
    (operations, !pattern.tokens().contains(&Token::Variable))
}

/// The operations that a pattern in lower case matches.
fn matching(pattern: &Pattern) -> Operations {
    const SERVICE: &str = "kms:";
    let head = pattern.head();
    if !SERVICE.starts_with(&head) && !head.starts_with(SERVICE) {
        return Operations::NONE;
    }
    Operations::matched_by(pattern)
}

fn resource(entry: Entry) -> Resource {
    Resource {
        pattern: ResourcePattern::new(&entry.text),
        entry,
    }
}

/// What stands before an operator whose test is perhaps not there: a noncharacter, which no operator
/// has.
pub(crate) const PERHAPS: char = '\u{FFFE}';

/// The tests of a condition, and whether these are all.
fn conditions(node: &Node, pointer: &str) -> (Vec<Test>, bool) {
    let Value::Map(operators) = &node.value else {
        return (Vec::new(), false);
    };
    let mut all = true;
    let mut tests = Vec::new();
    for operator in operators {
        let perhaps = operator.name.strip_prefix(PERHAPS);
        let name = perhaps.unwrap_or(&operator.name);
        let pointer = child(pointer, name);
        all &= perhaps.is_none();
        match &operator.node.value {
            Value::Map(keys) if !name.contains(HOLE) => {
                let own = keys.iter().map(|key| test(name, key, &pointer));
                let is_certain = perhaps.is_none();
                tests.extend(own.map(|own| Test { is_certain, ..own }));
            }
            _ => all = false,
        }
    }
    all &= tests.iter().all(|test| !test.key_name.contains(HOLE));
    (tests, all)
}

fn test(operator: &str, key: &Member, pointer: &str) -> Test {
    let pointer = child(pointer, &key.name);
    Test {
        operator: operator.to_owned(),
        is_certain: true,
        key_name: key.name.to_ascii_lowercase(),
        values: entries(&key.node, &pointer),
        key: Entry {
            text: key.name.clone(),
            at: key.name_at.clone(),
            pointer,
        },
    }
}

/// The JSON pointer of a member (RFC 6901).
fn child(pointer: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{name}")
}

/// Where a finding stands: the bytes of the file and the JSON pointer.
impl Entry {
    pub(crate) fn range(&self) -> Range<usize> {
        self.at.clone()
    }
}
