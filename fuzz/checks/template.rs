//! Templates of CloudFormation that the bytes choose.

use kms_alias::KeyId;
use kms_alias_files::{Accounts, File, Options, RunInput, judge_run};
use kms_alias_testing::half_known::Choices;
use serde_json::{Value, json};

use super::closed::{AT, Closed, Kind, Step, account, accounts, check, key_id};
use super::verdict::Bytes;

/// The values of the parameter.
const VALUES: [&str; 4] = ["a", "b", "aws-c", "x.y"];
const LITERALS: [&str; 3] = ["alias/a", "alias/b", "alias/c"];

/// The verdicts on a template are those of every value of its parameter and of every order that its
/// dependencies allow; and bytes are a template or an error, as what is new and as what is running.
pub fn template(data: &[u8]) {
    raw(data);
    let small = Small::chosen(&mut Bytes(data));
    let (new, old) = (small.template().to_string(), small.running().to_string());
    let described: Vec<_> = small.described().collect();
    let account = account(&small.stands, &described);
    let file = |name, text| File {
        name,
        bytes: str::as_bytes(text),
    };
    let mut input = RunInput::new(file("template", &new), AT);
    if small.is_deployed {
        input.deployed = Some(file("deployed", &old));
    }
    let judged = judge_run(&input, accounts(&account, small.quota));
    let worlds: Vec<_> = small
        .values
        .iter()
        .filter(|value| small.is_made(value))
        .map(|value| small.closed(value))
        .collect();
    if worlds.is_empty() {
        assert!(judged.is_err(), "{new}");
        return;
    }
    let judged = judged.unwrap_or_else(|error| panic!("{error}: {new}"));
    check(&judged, &worlds, &|| {
        format!("{new}\n{old}\n{account}\nquota {}", small.quota)
    });
}

fn raw(data: &[u8]) {
    let of = |name| File { name, bytes: data };
    let whole = File {
        name: "template",
        bytes: br#"{"Resources": {"K": {"Type": "AWS::KMS::Key"}}}"#,
    };
    let mut follows = RunInput::new(whole, AT);
    follows.deployed = Some(of("deployed"));
    for input in [RunInput::new(of("template"), AT), follows] {
        if let Err(error) = judge_run(&input, Accounts::unknown(Options::default())) {
            let text = error.to_string();
            let is_named = text.starts_with("template") || text.starts_with("deployed");
            assert!(is_named, "{text}");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Literal(&'static str),
    /// `alias/${P}`.
    OfParameter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Ref(usize),
    Arn(usize),
    /// By the condition: one key, or the other.
    If(usize, usize),
}

#[derive(Debug)]
struct Alias {
    /// Whether it exists only if the condition holds.
    is_conditional: bool,
    name: Name,
    target: Target,
    /// The aliases listed before that it depends on.
    depends_on: Vec<usize>,
    /// The name and the key that it has in the running template.
    running: Option<(&'static str, usize)>,
}

#[derive(Debug)]
struct Small {
    /// What each key is, and whether it is running.
    keys: Vec<(Kind, bool)>,
    aliases: Vec<Alias>,
    is_deployed: bool,
    /// What the parameter can be. The condition is whether it is the first of `allowed`.
    values: Vec<&'static str>,
    allowed: [&'static str; 2],
    stands: Vec<(String, KeyId)>,
    quota: u32,
}

impl Small {
    fn chosen(bytes: &mut Bytes<'_>) -> Self {
        let is_deployed = bytes.below(3) > 0;
        let first = bytes.below(4);
        let allowed = [VALUES[first], VALUES[(first + 1 + bytes.below(3)) % 4]];
        // A default is the value.
        let values = if bytes.below(4) == 0 {
            vec![allowed[1]]
        } else {
            allowed.to_vec()
        };
        let count = 1 + bytes.below(2);
        let kinds = [Kind::Symmetric, Kind::Hmac, Kind::Rsa];
        let key =
            |bytes: &mut Bytes<'_>| (kinds[bytes.below(3)], is_deployed && bytes.below(2) == 0);
        let mut small = Self {
            keys: (0..count).map(|_| key(bytes)).collect(),
            aliases: Vec::new(),
            is_deployed,
            values,
            allowed,
            stands: Vec::new(),
            quota: [1, 2, 50][bytes.below(3)],
        };
        let mut free = LITERALS.to_vec();
        for _ in 0..1 + bytes.below(3) {
            let alias = small.alias(bytes, &mut free);
            small.aliases.push(alias);
        }
        // Aliases of a key that no template has.
        for name in free {
            if bytes.below(3) == 0 {
                small.stands.push((name.to_owned(), key_id(5)));
            }
        }
        small
    }

    fn alias(&mut self, bytes: &mut Bytes<'_>, free: &mut Vec<&'static str>) -> Alias {
        let key = bytes.below(self.keys.len());
        let target = match bytes.below(3) {
            0 => Target::Ref(key),
            1 => Target::Arn(key),
            _ => Target::If(key, bytes.below(self.keys.len())),
        };
        let name = match bytes.below(4) {
            number @ 0..=1 => Name::Literal(LITERALS[number]),
            _ => Name::OfParameter,
        };
        let running_key = bytes.below(self.keys.len());
        let mut running = None;
        if self.keys[running_key].1 && bytes.below(3) > 0 {
            let name = free.remove(bytes.below(free.len()));
            self.stands.push((name.to_owned(), key_id(running_key)));
            running = Some((name, running_key));
        }
        Alias {
            is_conditional: bytes.below(4) == 0,
            name,
            target,
            depends_on: (0..self.aliases.len())
                .filter(|_| bytes.below(3) == 0)
                .collect(),
            running,
        }
    }

    /// The keys that the account describes: those that run, and the one of no template.
    fn described(&self) -> impl Iterator<Item = kms_alias::KeyMetadata> {
        let running = self.keys.iter().enumerate().filter(|(_, (_, runs))| *runs);
        let running = running.map(|(number, (kind, _))| kind.key(key_id(number)));
        running.chain([Kind::Symmetric.key(key_id(5))])
    }

    fn key_resources(&self, is_running: bool) -> Value {
        let mut resources = json!({});
        for (number, (kind, runs)) in self.keys.iter().enumerate() {
            if *runs || !is_running {
                resources[format!("K{number}")] = json!({"Type": "AWS::KMS::Key", "Properties": {
                    "KeySpec": kind.spec().to_string(), "KeyUsage": kind.usage().to_string()}});
            }
        }
        resources
    }

    fn template(&self) -> Value {
        let mut parameter = json!({"Type": "String", "AllowedValues": self.allowed});
        if let [only] = self.values[..] {
            parameter["Default"] = json!(only);
        }
        let mut resources = self.key_resources(false);
        for (number, alias) in self.aliases.iter().enumerate() {
            let name = match alias.name {
                Name::Literal(name) => json!(name),
                Name::OfParameter => json!({"Fn::Sub": "alias/${P}"}),
            };
            let refers = |key: usize| json!({"Ref": format!("K{key}")});
            let target = match alias.target {
                Target::Ref(key) => refers(key),
                Target::Arn(key) => json!({"Fn::GetAtt": [format!("K{key}"), "Arn"]}),
                Target::If(one, other) => {
                    json!({"Fn::If": ["IsFirst", refers(one), refers(other)]})
                }
            };
            let depends_on = alias.depends_on.iter().map(|other| format!("A{other}"));
            let mut resource = json!({"Type": "AWS::KMS::Alias", "DependsOn": depends_on.collect::<Vec<_>>(),
                "Properties": {"AliasName": name, "TargetKeyId": target}});
            if alias.is_conditional {
                resource["Condition"] = json!("IsFirst");
            }
            resources[format!("A{number}")] = resource;
        }
        json!({"Parameters": {"P": parameter}, "Resources": resources,
            "Conditions": {"IsFirst": {"Fn::Equals": [{"Ref": "P"}, self.allowed[0]]}}})
    }

    fn running(&self) -> Value {
        let mut resources = self.key_resources(true);
        for (number, alias) in self.aliases.iter().enumerate() {
            if let Some((name, key)) = alias.running {
                let others = alias.depends_on.iter();
                let others = others.filter(|other| self.aliases[**other].running.is_some());
                let depends_on: Vec<String> = others.map(|other| format!("A{other}")).collect();
                resources[format!("A{number}")] = json!({"Type": "AWS::KMS::Alias", "DependsOn": depends_on,
                    "Properties": {"AliasName": name, "TargetKeyId": {"Ref": format!("K{key}")}}});
            }
        }
        json!({"Resources": resources})
    }

    /// Whether CloudFormation makes anything of the template where the parameter has this value: it
    /// refuses one in which an alias that is made depends on one that is not.
    fn is_made(&self, value: &str) -> bool {
        let is_first = value == self.allowed[0];
        let is_there = |alias: &Alias| is_first || !alias.is_conditional;
        let mut made = self.aliases.iter().filter(|alias| is_there(alias));
        made.all(|alias| {
            alias
                .depends_on
                .iter()
                .all(|other| is_there(&self.aliases[*other]))
        })
    }

    /// What happens where the parameter has this value.
    fn closed(&self, value: &str) -> Closed {
        let is_first = value == self.allowed[0];
        let mut closed = Closed {
            keys: self.described().collect(),
            aliases: self.stands.clone(),
            quota: self.quota,
            steps: Vec::new(),
            before: Vec::new(),
        };
        let mut made_keys = vec![None; self.keys.len()];
        for (number, (kind, runs)) in self.keys.iter().enumerate() {
            if !runs {
                made_keys[number] = Some(closed.steps.len());
                let step = Step::make(&format!("K{number}"), kind.key(key_id(number)));
                closed.steps.push(step);
            }
        }
        let (mut made, mut gone) = (Vec::new(), Vec::new());
        for (number, alias) in self.aliases.iter().enumerate() {
            let address = format!("A{number}");
            let key = match alias.target {
                Target::Ref(key) | Target::Arn(key) => key,
                Target::If(one, other) => {
                    if is_first {
                        one
                    } else {
                        other
                    }
                }
            };
            let name = match alias.name {
                Name::Literal(name) => name.to_owned(),
                Name::OfParameter => format!("alias/{value}"),
            };
            let exists = is_first || !alias.is_conditional;
            let step = match alias.running {
                _ if !exists => None,
                // The running template names the key by its ID.
                Some((before, on)) if before == name => {
                    let is_arn = matches!(alias.target, Target::Arn(_));
                    (on != key || is_arn).then(|| Step::update(&address, &name, key_id(key)))
                }
                _ => Some(Step::create(&address, &name, key_id(key))),
            };
            let mut push = |step: Option<Step>| {
                closed.steps.extend(step.clone());
                step.map(|_| closed.steps.len() - 1)
            };
            let own = push(step);
            made.push(own);
            let goes = alias
                .running
                .filter(|(before, _)| !exists || *before != name);
            gone.push(push(goes.map(|(before, _)| Step::delete(&address, before))));
            closed.before.extend(made_keys[key].zip(own));
        }
        self.order(&made, &gone, is_first, &mut closed);
        closed
    }

    /// What is new or changed in the order of its dependencies, then what goes in the opposite one.
    fn order(
        &self,
        made: &[Option<usize>],
        gone: &[Option<usize>],
        is_first: bool,
        closed: &mut Closed,
    ) {
        let goes: Vec<usize> = gone.iter().flatten().copied().collect();
        for first in 0..closed.steps.len() {
            if !goes.contains(&first) {
                let pairs = goes.iter().map(|second| (first, *second));
                closed.before.extend(pairs);
            }
        }
        for number in 0..self.aliases.len() {
            let is_there = |other: usize| is_first || !self.aliases[other].is_conditional;
            for other in self.behind(number, &is_there) {
                closed.before.extend(made[other].zip(made[number]));
            }
            let is_running = |other: usize| self.aliases[other].running.is_some();
            for other in self.behind(number, &is_running) {
                closed.before.extend(gone[number].zip(gone[other]));
            }
        }
    }

    /// The aliases that one depends on, itself or through others that are there.
    fn behind(&self, number: usize, is_there: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open = vec![number];
        while let Some(next) = open.pop() {
            let others = self.aliases[next].depends_on.iter().copied();
            for other in others.filter(|other| is_there(*other)) {
                found.push(other);
                open.push(other);
            }
        }
        found
    }
}
