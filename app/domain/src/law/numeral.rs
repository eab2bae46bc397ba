//! Numbers in words, as laws write them: 一百二十, 一千零五, and 一〇五.

/// The greatest number that is read or written in words.
pub(super) const GREATEST: u32 = 9_999;

/// Whether the character may stand in a number: 零 to 九, 十, 百, 千, or a digit.
pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some()
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '0'..='9' => u32::from(c) - u32::from('0'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

/// Reads a number from 1 to [`GREATEST`], with units (一百二十) or digit by digit (一〇五, 105).
pub(super) fn read(text: &str) -> Option<u32> {
    let value = if text.chars().any(|c| unit(c).is_some()) {
        with_units(text)
    } else {
        by_digits(text)
    };
    value.filter(|value| (1..=GREATEST).contains(value))
}

fn by_digits(text: &str) -> Option<u32> {
    if text.chars().next().and_then(digit)? == 0 || text.chars().count() > 4 {
        return None;
    }
    text.chars()
        .try_fold(0, |value, c| Some(value * 10 + digit(c)?))
}

fn with_units(text: &str) -> Option<u32> {
    let mut total = 0;
    let mut waiting = None;
    let mut last_unit = GREATEST + 1;
    let mut zero = false;
    for c in text.chars() {
        if let Some(unit) = unit(c) {
            let times = match waiting.take() {
                Some(times) => times,
                None if unit == 10 => 1,
                None => return None,
            };
            if unit >= last_unit {
                return None;
            }
            total += times * unit;
            last_unit = unit;
            zero = false;
        } else {
            match digit(c)? {
                0 if total > 0 && waiting.is_none() && !zero => zero = true,
                times if times > 0 && waiting.is_none() => waiting = Some(times),
                _ => return None,
            }
        }
    }
    match waiting {
        // 一百二 leaves open whether 102 or 120 is meant.
        Some(ones) if last_unit == 10 || zero => Some(total + ones),
        None if !zero => Some(total),
        _ => None,
    }
}

/// Writes a number in words, 一百零五; above [`GREATEST`] in digits.
pub(crate) fn write(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if number > GREATEST {
        return number.to_string();
    }
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let times = number / unit % 10;
        if times == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
            gap = false;
        }
        if !(times == 1 && unit == 10 && words.is_empty()) {
            words.push(DIGITS[times as usize]);
        }
        words.push_str(name);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_as_it_was_written() {
        for number in 1..=GREATEST {
            assert_eq!(read(&write(number)), Some(number), "{}", write(number));
            assert_eq!(read(&number.to_string()), Some(number));
        }
    }

    #[test]
    fn the_forms_that_laws_use_are_written() {
        for (number, words) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (101, "一百零一"),
            (110, "一百一十"),
            (1_000, "一千"),
            (1_005, "一千零五"),
            (1_050, "一千零五十"),
            (1_260, "一千二百六十"),
        ] {
            assert_eq!(write(number), words);
        }
    }

    #[test]
    fn other_forms_in_use_are_read() {
        for (words, number) in [
            ("一百十", 110),
            ("一〇五", 105),
            ("二○一四", 2014),
            ("１２", 12),
        ] {
            assert_eq!(read(words), Some(number), "{words}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for words in [
            "",
            "零",
            "两百",
            "百",
            "一百二",
            "十百",
            "一十一十",
            "一百零",
            "二二十",
            "一零十",
            "01",
            "10000",
            "之",
        ] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
