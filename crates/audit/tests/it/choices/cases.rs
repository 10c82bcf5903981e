//! A case for every choice that a log can show.

use super::*;

const VALIDATION: &str = "ValidationException";
const NOT_FOUND: &str = "NotFoundException";
const STATE: &str = "KMSInvalidStateException";

fn broken_pattern(value: &str, member: &str, constraint: &str) -> String {
    format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: \
         Member must {constraint}"
    )
}

/// A name and a key ID that are malformed.
fn cases_of_shapes() -> Vec<Case> {
    let reserved =
        "alias/aws-x is a reserved alias name: names that begin with alias/aws belong to AWS";
    let bad_arn = "arn:aws:kms:eu-west-3:1:key/x";
    let no_text = Event::Request("DeleteAlias", json!({"aliasName": 5}));
    vec![
        words(
            Choice::NameAfterPrefixWords,
            create("alias/", ENABLED),
            VALIDATION,
            broken_pattern(
                "'alias/'",
                "aliasName",
                "have length greater than or equal to 7",
            ),
        ),
        case(
            Choice::ReservedNamesReading,
            create("alias/aws-x", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::Ok,
        ),
        case(
            Choice::ReservedNameException,
            update("alias/aws/x", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::bare("NotAuthorizedException"),
        ),
        words(
            Choice::ReservedNameWords,
            create("alias/aws-x", ENABLED),
            "InvalidAliasNameException",
            reserved,
        ),
        case(
            Choice::MalformedTargetException,
            create("alias/new", bad_arn),
            Answer::bare(NOT_FOUND),
            Answer::bare("InvalidArnException"),
        ),
        case(
            Choice::MalformedArnException,
            use_of("EnableKey", bad_arn),
            Answer::bare("InvalidArnException"),
            Answer::bare(NOT_FOUND),
        ),
        words(
            Choice::MalformedArnWords,
            create("alias/new", bad_arn),
            NOT_FOUND,
            format!("Invalid arn '{bad_arn}'"),
        ),
        case(Choice::RegionLengths, Event::Elsewhere, None, Answer::Ok),
        words(
            Choice::MemberTypeWords,
            no_text,
            "SerializationException",
            "AliasName is not a string",
        ),
    ]
}

fn cases_of_rules() -> Vec<Case> {
    let elsewhere = format!("arn:aws:kms:eu-west-3:999999999999:key/{ENABLED}");
    let other_type = "Alias alias/a cannot be changed from a key of type symmetric encryption to a key of \
                      type asymmetric. The key type of the current key and the new key must be the same.";
    let page = || Event::Request("ListAliases", json!({"limit": 500}));
    vec![
        case(
            Choice::ListByAlias,
            use_of("ListAliases", "alias/a"),
            Answer::bare("InvalidArnException"),
            Answer::Ok,
        ),
        case(
            Choice::OtherAccountException,
            create("alias/new", &elsewhere),
            Answer::bare(NOT_FOUND),
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::AwsManagedTargetException,
            create("alias/new", OF_AWS),
            None,
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::KeyTypeException,
            update("alias/a", RSA),
            Answer::bare(VALIDATION),
            Answer::bare("InvalidKeyUsageException"),
        ),
        words(
            Choice::KeyTypeWords,
            update("alias/a", RSA),
            VALIDATION,
            other_type,
        ),
        case(
            Choice::SameKey,
            update("alias/a", ENABLED),
            Answer::Ok,
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::PageLimit,
            page(),
            Answer::bare(VALIDATION),
            Answer::Ok,
        ),
        case(
            Choice::AliasWithoutKey,
            use_of("DescribeKey", "alias/aws/s3"),
            Answer::bare(NOT_FOUND),
            Answer::Ok,
        ),
        case(Choice::DeletionDate, Event::Deleted(0), Answer::Ok, None),
        case(Choice::DeletionDate, Event::Deleted(-1), None, Answer::Ok),
    ]
}

fn cases_of_states() -> Vec<Case> {
    let managed = || use_of("DisableKey", OF_AWS);
    vec![
        case(Choice::AwsManagedKey, managed(), None, Answer::Ok),
        case(
            Choice::NotApplicableCells,
            use_of("GetPublicKey", UNAVAILABLE),
            Answer::bare(STATE),
            None,
        ),
        case(
            Choice::LaterOperations,
            use_of("Decapsulate", DISABLED),
            Answer::bare("DisabledException"),
            Answer::Ok,
        ),
        words(
            Choice::OriginWords,
            use_of("EnableKeyRotation", IMPORTED),
            "UnsupportedOperationException",
            format!(
                "{} origin is EXTERNAL which is not valid for this operation.",
                arn(IMPORTED)
            ),
        ),
    ]
}

fn cases_of_order() -> Vec<Case> {
    let elsewhere = format!("arn:aws:kms:us-east-1:999999999999:key/{ENABLED}");
    let not_there = format!("Alias {SCOPE}:alias/none is not found.");
    vec![
        case(
            Choice::MembersInOrder,
            create("alias/a.b", "x"),
            Answer::bare(VALIDATION),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
        ),
        case(
            Choice::MembersInOrder,
            Event::Request(
                "ScheduleKeyDeletion",
                json!({"keyId": "x", "pendingWindowInDays": 5}),
            ),
            Answer::bare(VALIDATION),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/none", "x"),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
            Answer::error(NOT_FOUND, not_there.clone()),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/a.b", DYING),
            Answer::bare(VALIDATION),
            Answer::bare(STATE),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/aws-none", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::error(
                NOT_FOUND,
                format!("Alias {SCOPE}:alias/aws-none is not found."),
            ),
        ),
        case(
            Choice::AliasBeforeTarget,
            update("alias/none", DYING),
            Answer::error(NOT_FOUND, not_there),
            Answer::bare(STATE),
        ),
        case(
            Choice::AliasBeforeTarget,
            create("alias/a", NOBODYS),
            Answer::bare("AlreadyExistsException"),
            Answer::bare(NOT_FOUND),
        ),
        case(
            Choice::AccountBeforeRegion,
            create("alias/new", &elsewhere),
            Answer::error(NOT_FOUND, "This operation cannot be called cross account"),
            Answer::error(NOT_FOUND, "Invalid arn us-east-1"),
        ),
        case(
            Choice::ManagerBeforeState,
            create("alias/new", DYING_OF_AWS),
            None,
            Answer::bare(STATE),
        ),
        case(
            Choice::ManagerBeforeState,
            use_of("EnableKey", DYING_OF_AWS),
            None,
            Answer::bare(STATE),
        ),
        case(
            Choice::StateBeforeComparison,
            update("alias/a", DYING_RSA),
            Answer::bare(STATE),
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::QuotaLast,
            update("alias/a", FULL_RSA),
            Answer::bare(VALIDATION),
            Answer::bare("LimitExceededException"),
        ),
    ]
}

pub fn cases() -> Vec<Case> {
    [
        cases_of_shapes(),
        cases_of_rules(),
        cases_of_states(),
        cases_of_order(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
