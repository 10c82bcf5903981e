//! Plans of Terraform that the bytes choose.

mod written;

use kms_alias::{KeyId, KeyMetadata};
use kms_alias_files::{Accounts, File, Options, RunInput, judge_run};
use kms_alias_testing::half_known::Choices;

use super::closed::{AT, Closed, KINDS, Kind, Step, account, accounts, check, key_id, product};
use super::verdict::Bytes;

const NAMES: [&str; 3] = ["alias/a", "alias/b", "alias/c"];

/// The verdicts on a plan are those of every order that its dependencies allow and of everything
/// that a key can be that is not described; and bytes are a plan or an error.
pub fn terraform_plan(data: &[u8]) {
    let file = File {
        name: "plan",
        bytes: data,
    };
    if let Err(error) = judge_run(
        &RunInput::new(file, AT),
        Accounts::unknown(Options::default()),
    ) {
        assert!(error.to_string().starts_with("plan"), "{error}");
    }
    let small = Small::chosen(&mut Bytes(data));
    let plan = small.plan().to_string();
    let described: Vec<KeyMetadata> = small.described();
    let account = account(&small.stands, &described);
    let file = File {
        name: "plan",
        bytes: plan.as_bytes(),
    };
    let judged = judge_run(&RunInput::new(file, AT), accounts(&account, small.quota));
    let judged = judged.unwrap_or_else(|error| panic!("{error}: {plan}"));
    let worlds = small.worlds();
    check(&judged, &worlds, &|| {
        format!("{plan}\n{account}\nquota {}", small.quota)
    });
}

/// Where what is known of a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The account describes it.
    Described,
    /// A resource of the plan that stays, and that the account does not describe.
    Managed,
    /// The plan makes it.
    Made,
    /// An ID, and nothing else.
    Undescribed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Key(usize),
    /// One of the two keys that the plan makes, by a choice that is not known.
    OneOf,
    Unknown,
}

/// What becomes of an alias, which stands before if it is not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Create,
    Update,
    Delete,
    Replace,
    /// Replaced, and made before the old one is deleted.
    CreateFirst,
}

#[derive(Debug)]
struct Alias {
    action: Action,
    /// The name and the key before, if it stands.
    before: Option<(&'static str, usize)>,
    name: &'static str,
    target: Target,
    /// The aliases listed before that it depends on.
    depends_on: Vec<usize>,
}

#[derive(Debug)]
struct Small {
    keys: Vec<(Form, Kind)>,
    aliases: Vec<Alias>,
    stands: Vec<(String, KeyId)>,
    quota: u32,
}

fn address(alias: usize) -> String {
    format!("aws_kms_alias.a{alias}")
}

fn key_address(key: usize) -> String {
    format!("aws_kms_key.k{key}")
}

impl Alias {
    const fn is_configured(&self) -> bool {
        !matches!(self.action, Action::Delete)
    }

    const fn actions(&self) -> &'static [&'static str] {
        match self.action {
            Action::Create => &["create"],
            Action::Update => &["update"],
            Action::Delete => &["delete"],
            Action::Replace => &["delete", "create"],
            Action::CreateFirst => &["create", "delete"],
        }
    }
}

impl Small {
    fn chosen(bytes: &mut Bytes<'_>) -> Self {
        let count = 1 + bytes.below(2);
        let keys: Vec<_> = (0..count).map(|_| key(bytes)).collect();
        let standing = keys.iter().position(|(form, _)| *form != Form::Made);
        let mut free = NAMES.to_vec();
        let mut small = Self {
            quota: [1, 2, 50][bytes.below(3)],
            keys,
            aliases: Vec::new(),
            stands: Vec::new(),
        };
        for _ in 0..1 + bytes.below(3) {
            let alias = small.alias(bytes, &mut free, standing);
            small.aliases.push(alias);
        }
        for name in free {
            let on = bytes.below(4);
            let on = standing.filter(|_| on > 1).map(|first| first.max(on - 2));
            if let Some(on) = on.filter(|on| small.can_bear(*on)) {
                small.stands.push((name.to_owned(), key_id(on)));
            }
        }
        small.made_first();
        small
    }

    fn can_bear(&self, key: usize) -> bool {
        self.keys
            .get(key)
            .is_some_and(|(form, _)| *form != Form::Made)
    }

    fn alias(
        &mut self,
        bytes: &mut Bytes<'_>,
        free: &mut Vec<&'static str>,
        standing: Option<usize>,
    ) -> Alias {
        let mut action = [
            Action::Create,
            Action::Update,
            Action::Delete,
            Action::Replace,
            Action::CreateFirst,
        ][bytes.below(5)];
        let mut before = None;
        if let (Some(first), true) = (standing, action != Action::Create) {
            let on = first.max(bytes.below(2));
            let on = if self.can_bear(on) { on } else { first };
            before = Some((free.remove(bytes.below(free.len())), on));
        } else {
            action = Action::Create;
        }
        if let Some((name, on)) = before {
            self.stands.push((name.to_owned(), key_id(on)));
        }
        let mut name = NAMES[bytes.below(3)];
        let mut target = self.target(bytes);
        if let (Action::Update, Some((same, on))) = (action, before) {
            name = same;
            // What stays as it is is no update.
            if target == Target::Key(on) {
                target = Target::Unknown;
            }
        }
        let numbers = 0..self.aliases.len();
        let depends_on = numbers.filter(|_| bytes.below(3) == 0).collect();
        Alias {
            action,
            before,
            name,
            target,
            depends_on,
        }
    }

    fn target(&self, bytes: &mut Bytes<'_>) -> Target {
        let all_made = self.keys.iter().all(|(form, _)| *form == Form::Made);
        match bytes.below(5) {
            0 => Target::Unknown,
            1 if all_made && self.keys.len() == 2 => Target::OneOf,
            number => Target::Key(number % self.keys.len()),
        }
    }

    /// What one depends on that is made before it goes is made before it goes too, as Terraform
    /// has it.
    fn made_first(&mut self) {
        for number in (0..self.aliases.len()).rev() {
            if self.aliases[number].action != Action::CreateFirst {
                continue;
            }
            for other in self.aliases[number].depends_on.clone() {
                let other = &mut self.aliases[other];
                if other.action == Action::Replace {
                    other.action = Action::CreateFirst;
                }
            }
        }
    }

    /// The keys that the account describes.
    fn described(&self) -> Vec<KeyMetadata> {
        let each = self.keys.iter().enumerate();
        let described = each.filter(|(_, (form, _))| *form == Form::Described);
        described
            .map(|(number, (_, kind))| kind.key(key_id(number)))
            .collect()
    }

    /// Every completion.
    fn worlds(&self) -> Vec<Closed> {
        let numbers = 0..self.keys.len();
        let keys: Vec<_> = numbers.map(|number| self.may_be(number)).collect();
        let aliases = self.aliases.iter().enumerate();
        let targets: Vec<_> = aliases
            .map(|(number, alias)| self.may_name(number, alias))
            .collect();
        let mut worlds = Vec::new();
        for keys in product(&keys) {
            for targets in product(&targets) {
                worlds.push(self.closed(&keys, &targets));
            }
        }
        worlds
    }

    /// What a key can be; nothing if there may be none.
    fn may_be(&self, number: usize) -> Vec<Option<Kind>> {
        let (form, kind) = self.keys[number];
        if form != Form::Undescribed {
            return vec![Some(kind)];
        }
        let mut all = vec![
            Some(Kind::Symmetric),
            Some(Kind::Hmac),
            Some(Kind::PendingDeletion),
        ];
        if !self.stands.iter().any(|(_, on)| *on == key_id(number)) {
            all.push(None);
        }
        all
    }

    /// The keys that a target can be: by its number, and what a key is that is none of the plan.
    fn may_name(&self, number: usize, alias: &Alias) -> Vec<(usize, Option<Kind>)> {
        match alias.target {
            _ if !alias.is_configured() => vec![(0, None)],
            Target::Key(key) => vec![(key, None)],
            Target::OneOf => vec![(0, None), (1, None)],
            Target::Unknown => {
                let mut all: Vec<_> = (0..self.keys.len()).map(|key| (key, None)).collect();
                let own = 10 + number;
                all.extend([
                    (own, None),
                    (own, Some(Kind::Symmetric)),
                    (own, Some(Kind::Rsa)),
                    (own, Some(Kind::PendingDeletion)),
                ]);
                all
            }
        }
    }

    fn closed(&self, keys: &[Option<Kind>], targets: &[(usize, Option<Kind>)]) -> Closed {
        let mut closed = Closed {
            keys: Vec::new(),
            aliases: self.stands.clone(),
            quota: self.quota,
            steps: Vec::new(),
            before: Vec::new(),
        };
        for (number, kind) in keys.iter().enumerate() {
            let Some(key) = kind.map(|kind| kind.key(key_id(number))) else {
                continue;
            };
            if self.keys[number].0 == Form::Made {
                let step = Step::make(&key_address(number), key);
                closed.steps.push(step);
            } else {
                closed.keys.push(key);
            }
        }
        for (number, kind) in targets {
            closed
                .keys
                .extend(kind.map(|kind| kind.key(key_id(*number))));
        }
        let mut steps = Vec::new();
        for (number, (alias, target)) in self.aliases.iter().zip(targets).enumerate() {
            steps.push(OfAlias::add(number, alias, target.0, &mut closed));
        }
        let targets: Vec<_> = targets.iter().map(|(target, _)| *target).collect();
        self.order(&steps, &targets, &mut closed);
        closed
    }

    /// The order that Terraform keeps to.
    fn order(&self, steps: &[OfAlias], targets: &[usize], closed: &mut Closed) {
        let mut before = |first: Option<usize>, second: Option<usize>| {
            if let (Some(first), Some(second)) = (first, second) {
                closed.before.push((first, second));
            }
        };
        for (number, alias) in self.aliases.iter().enumerate() {
            let own = &steps[number];
            match alias.action {
                Action::CreateFirst => before(own.made, own.gone),
                _ => before(own.gone, own.made),
            }
            let mut made = 0;
            for (key, (form, _)) in self.keys.iter().enumerate() {
                if *form != Form::Made {
                    continue;
                }
                let refers = match alias.target {
                    Target::Key(target) => target == key,
                    Target::OneOf => true,
                    // What is not known and is a key that is made is known only then.
                    Target::Unknown => targets[number] == key,
                };
                if refers {
                    before(Some(made), own.made);
                }
                made += 1;
            }
            for other in &alias.depends_on {
                let (first, theirs) = (&self.aliases[*other], &steps[*other]);
                let is_late = first.action == Action::CreateFirst;
                if first.is_configured() && alias.is_configured() {
                    before(theirs.made, own.made);
                    if is_late {
                        before(own.made, theirs.gone);
                    }
                }
                if first.before.is_some()
                    && alias.before.is_some()
                    && alias.action != Action::CreateFirst
                {
                    before(own.gone, theirs.gone);
                    if !is_late {
                        before(own.gone, theirs.made);
                    }
                    if alias.action == Action::Replace && !is_late {
                        before(theirs.gone, own.made);
                    }
                }
            }
        }
    }
}

/// The steps of an alias by their numbers.
struct OfAlias {
    made: Option<usize>,
    gone: Option<usize>,
}

impl OfAlias {
    fn add(number: usize, alias: &Alias, target: usize, closed: &mut Closed) -> Self {
        let address = address(number);
        let mut push = |step| {
            closed.steps.push(step);
            Some(closed.steps.len() - 1)
        };
        let made = match alias.action {
            Action::Delete => None,
            Action::Update => push(Step::update(&address, alias.name, key_id(target))),
            _ => push(Step::create(&address, alias.name, key_id(target))),
        };
        let gone = match (alias.action, alias.before) {
            (Action::Create | Action::Update, _) | (_, None) => None,
            (_, Some((name, _))) => push(Step::delete(&address, name)),
        };
        Self { made, gone }
    }
}

fn key(bytes: &mut Bytes<'_>) -> (Form, Kind) {
    let forms = [
        Form::Described,
        Form::Managed,
        Form::Made,
        Form::Undescribed,
    ];
    let (form, kind) = (forms[bytes.below(4)], KINDS[bytes.below(4)]);
    match (form, kind) {
        (Form::Managed | Form::Made, Kind::PendingDeletion) => (form, Kind::Symmetric),
        _ => (form, kind),
    }
}
