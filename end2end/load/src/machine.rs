//! The machine that was measured: figures without it mean nothing.

use serde::Serialize;

/// What the figures were taken on.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// Cores that the program may use.
    pub cores: usize,
    /// The model of the processor.
    pub cpu: String,
    /// Memory in MiB.
    pub memory_mib: u64,
}

impl Machine {
    /// This machine, as /proc describes it.
    pub fn here() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let memory_kib: u64 = field(&read("/proc/meminfo"), "MemTotal")
            .and_then(|v| v.split(' ').next()?.parse().ok())
            .unwrap_or(0);
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            cpu: field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown".into()),
            memory_mib: memory_kib / 1024,
        }
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} cores, {}, {} MiB",
            self.cores, self.cpu, self.memory_mib
        )
    }
}

/// The value of the first line `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(n, value)| (n.trim() == name).then(|| value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_of_proc_is_the_first_of_its_name() {
        let text = "model\t\t: 1\nmodel name\t: A CPU @ 2 GHz\nmodel name\t: B\n";
        assert_eq!(field(text, "model name").as_deref(), Some("A CPU @ 2 GHz"));
        assert_eq!(field(text, "bogomips"), None);
    }
}
