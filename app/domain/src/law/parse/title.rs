//! The title of a law, and the names made from it.

const STATE: &str = "中华人民共和国";

/// The title without the name of the state, unless nothing else is left.
pub(super) fn short(title: &str) -> &str {
    match title.strip_prefix(STATE).map(str::trim_start) {
        Some(rest) if !rest.is_empty() => rest,
        _ => title,
    }
}

/// The short title as a segment of an address; empty where no character may stand in one.
pub(super) fn slug(short_title: &str) -> String {
    let words: Vec<String> = short_title
        .split_whitespace()
        .map(|word| word.chars().filter(|&c| is_safe(c)).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    let slug = words.join("-");
    // `.` and `..` are steps of a path, not names.
    if slug.chars().all(|c| c == '.') {
        String::new()
    } else {
        slug
    }
}

fn is_safe(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '/' | '?'
                | '#'
                | '%'
                | '\\'
                | '"'
                | '<'
                | '>'
                | '['
                | ']'
                | '^'
                | '`'
                | '{'
                | '|'
                | '}'
                | '\''
                | '&'
                | ':'
                | ';'
        )
}

/// The title that a file's name holds: without folders, extension, and a date in brackets.
pub(super) fn of_file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name
        .strip_suffix(".md")
        .or_else(|| name.strip_suffix(".txt"))
        .unwrap_or(name);
    let dated = super::history::of_file_name(name).and(name.rfind(['(', '（']));
    tidy(&name[..dated.unwrap_or(name.len())])
}

/// The title with single spaces between its words, and without emphasis around it.
pub(super) fn tidy(title: &str) -> String {
    let words: Vec<&str> = title.trim_matches('*').split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_title_leaves_the_state_out() {
        assert_eq!(short("中华人民共和国刑法"), "刑法");
        assert_eq!(short("中华人民共和国 刑法"), "刑法");
        assert_eq!(
            short("中国人民解放军文职人员条例"),
            "中国人民解放军文职人员条例"
        );
        assert_eq!(short("中华人民共和国"), "中华人民共和国");
    }

    #[test]
    fn a_slug_is_one_segment_of_an_address() {
        assert_eq!(slug("刑法"), "刑法");
        assert_eq!(
            slug("最高人民法院　 最高人民检察院关于（三）"),
            "最高人民法院-最高人民检察院关于（三）"
        );
        assert_eq!(slug("甲/乙?丙#丁%20\\戊"), "甲乙丙丁20戊");
        assert_eq!(slug("甲 / 乙"), "甲-乙");
        assert_eq!(slug(".."), "");
        assert_eq!(slug("?"), "");
    }

    #[test]
    fn the_name_of_a_file_holds_a_title() {
        assert_eq!(
            of_file_name("刑法/刑法修正案（十二）(2023-12-29).md"),
            "刑法修正案（十二）"
        );
        assert_eq!(
            of_file_name("宪法修正案（2018年）.md"),
            "宪法修正案（2018年）"
        );
        assert_eq!(of_file_name(".md"), "");
    }
}
