//! Keys that an object of a template has twice (ours): what was written first would be lost in silence.

use super::*;

const TWICE: &str = "is a duplicate of the one on line";

/// What is said of a template, or of one that runs.
fn error(new: &str, old: Option<&str>) -> Option<String> {
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let (new, old) = (new.to_owned(), old.map(ToOwned::to_owned));
    let leak = |text: String| -> &'static str { text.leak() };
    let mut input = RunInput::new(file("new", leak(new)), NOW);
    input.deployed = old.map(|old| file("old", leak(old)));
    let mut accounts = Accounts::unknown(Options::default());
    read_run(&input, &mut accounts)
        .err()
        .map(|it| it.to_string())
}

const YAML: &str = "\
Resources:
  Key:
    Type: AWS::KMS::Key
  Alias:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: !Sub 'alias/${AWS::StackName}'
      TargetKeyId: !Ref Key
";

#[test]
fn a_key_of_a_template_stands_there_once() {
    let words = "this key is a duplicate of the one on line";
    let rest = "most readers use the later one and ignore the other without an error; remove one of them, or rename it";
    let property = [YAML, "      AliasName: alias/b\n"].concat();
    let property_error = format!("9: Resources.Alias.Properties.AliasName: {words} 7: {rest}");
    let resource = [YAML, "  \"Key\": {Type: 'AWS::KMS::Key'}\n"].concat();
    let section = [YAML, "Resources: {}\n"].concat();
    let json = "{\"Resources\": {\"K\": {\"Type\": \"AWS::KMS::Key\", \"Properties\": {\"Tags\": [\n{\"Key\": \"a\\\"{\"},\n\
                {\"Key\": \"a\", \"Value\": \"b\",\n\"K\\u0065y\": \"c\"}]}}}}";
    for (text, expected) in [
        (property.as_str(), property_error),
        (&resource, format!("9: Resources.Key: {words} 2: {rest}")),
        (&section, format!("9: Resources: {words} 1: {rest}")),
        (
            json,
            format!("4: Resources.K.Properties.Tags[1].Key: {words} 3: {rest}"),
        ),
    ] {
        assert_eq!(error(text, None), Some(format!("new:{expected}")));
        assert_eq!(error(YAML, Some(text)), Some(format!("old:{expected}")));
    }
    // A template that stands in a text of an answer has lines of its own.
    let answer = json!({"TemplateBody": property}).to_string();
    let line =
        "old: line 9 of the template in `TemplateBody`: Resources.Alias.Properties.AliasName: ";
    let found = error(YAML, Some(&answer)).unwrap_or_default();
    assert!(found.starts_with(line) && found.contains(TWICE), "{found}");
    assert_eq!(error(YAML, Some(YAML)), None);
}

#[test]
fn one_name_in_several_objects_is_none_twice() {
    let same = json!({
        "Resources": {"K": key(json!({"Tags": [{"Key": "a", "Value": "K"}, {"Key": "a", "Value": "Key"}], "Key": {"Key": "Key"}}))},
        "Outputs": {"K": {"Value": {"Ref": "K"}}}
    });
    assert_eq!(error(&same.to_string(), None), None);
}
