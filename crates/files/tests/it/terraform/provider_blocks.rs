//! Which block configures the resources of a module that has its provider from the module which calls it.

use kms_alias::Rule;

use super::*;

/// A new alias of a new key of the root module, modules deep; each module hands the key on.
fn nested(names: &[&str]) -> Plan {
    let path = |depth: usize| {
        let names = names
            .iter()
            .take(depth)
            .map(|name| format!("module.{name}"));
        names.collect::<Vec<_>>().join(".")
    };
    let module = path(names.len());
    let alias = json!({"name": {"constant_value": "alias/b"}, "target_key_id": refers(&["var.k"])});
    let mut inner = json!({"resources": [resource("aws_kms_alias.x", &format!("{module}:aws"), alias)],
        "variables": {"k": {}}});
    for name in names.iter().skip(1).rev() {
        inner = json!({"module_calls": {*name: {"expressions": {"k": refers(&["var.k"])}, "module": inner}},
            "variables": {"k": {}}});
    }
    let given = refers(&["aws_kms_key.k.arn", "aws_kms_key.k"]);
    Plan::new()
        .handed_on(&module)
        .key("aws_kms_key.k")
        .alias_of_unknown(&format!("{module}.aws_kms_alias.x"), "alias/b")
        .resource("aws_kms_key.k", json!({}))
        .module(
            names[0],
            json!({"expressions": {"k": given}, "module": inner}),
        )
}

fn in_region(region: &str) -> Value {
    json!({"region": {"constant_value": region}})
}

#[test]
fn the_only_block_configures_what_is_in_a_module_that_is_given_none_t2() {
    for names in [&["a", "b"][..], &["a", "b", "c"], &["a", "b", "c", "d"]] {
        let address = format!("module.{}.aws_kms_alias.x", names.join(".module."));
        gets(&nested(names), 0, &[&format!("{address} CreateAlias ok")]);
    }
    // Another provider has blocks of its own.
    let plan = nested(&["a", "b", "c"]).provider_of("awscc", in_region("us-east-1"));
    let step = "module.a.module.b.module.c.aws_kms_alias.x CreateAlias ok";
    gets(&plan, 0, &[step]);
}

#[test]
fn a_module_that_is_given_no_provider_has_that_of_the_root_module_t2() {
    let plan = nested(&["a", "b"]).provider("aws.east", in_region("us-east-1"));
    gets(
        &plan,
        0,
        &["module.a.module.b.aws_kms_alias.x CreateAlias ok"],
    );
    // An older version does not follow what is given to a module either.
    let older = plan.json().replace("1.9.8", "1.1.9");
    assert_eq!(told(&older, None, None).exit, 3);
}

#[test]
fn which_of_several_blocks_a_module_is_given_is_not_known_t2() {
    let plan = nested(&["a", "b", "c"]).provider("aws.east", in_region("us-east-1"));
    let step = "module.a.module.b.module.c.aws_kms_alias.x CreateAlias";
    gets(&plan, 3, &[&format!("{step} undecided")]);
    let (read, judgement) = crate::plans::judged(&plan.json(), None, None);
    let Some(Outcome::Undecided {
        needs, could_be, ..
    }) = judgement.outcomes.last()
    else {
        panic!("{judgement:?}");
    };
    assert_eq!(needs, &[Need::Region]);
    let rule = |possible: &Possible| match possible {
        Possible::Ok => None,
        Possible::Refused(answer) => Some(answer.rule),
    };
    let rules: Vec<_> = could_be.iter().map(rule).collect();
    assert_eq!(rules, [None, Some(Rule::T2)], "{could_be:?}");
    let notes = &read.run.steps[1].notes;
    let is_named = |words: &str| notes.iter().any(|note| note.words.contains(words));
    assert!(is_named("module.a.module.b.module.c:aws"), "{notes:?}");
    assert!(
        is_named("aws or aws.east") && is_named("--region"),
        "{notes:?}"
    );
    // Where the Regions are one, it is no matter which block it is.
    let plan = nested(&["a", "b", "c"]).provider("aws.other", in_region(REGION));
    gets(&plan, 0, &[&format!("{step} ok")]);
}

#[test]
fn a_region_that_is_said_settles_which_block_it_is_t2() {
    let plan = nested(&["a", "b", "c"]).provider("aws.east", in_region("us-east-1"));
    let exit = |region: &str| {
        let mut options = Options::default();
        options.region = region.parse().ok();
        let (read, judgement) = crate::plans::judged_with(&plan.json(), options);
        tell(&read, &judgement).exit
    };
    assert_eq!((exit(REGION), exit("us-east-1")), (0, 1));
}

#[test]
fn a_module_with_a_block_that_is_empty_has_that_t2() {
    // Terraform follows the provider of a module that is called by one which has an entry.
    let plan = nested(&["a"]);
    assert_eq!(told(&plan.json(), None, None).exit, 3);
}
