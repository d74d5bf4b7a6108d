/** Whether a text may be published on: not empty, no wildcard. */
export function isTopic(topic: string): boolean {
  return topic !== "" && !/[+#\0]/.test(topic);
}

/** Whether a text may be subscribed to: a wildcard fills its level, and `#` is the last one. */
export function isTopicFilter(filter: string): boolean {
  if (filter === "" || filter.includes("\0")) return false;
  const levels = filter.split("/");
  return levels.every(
    (level, at) =>
      level === "+" || (level === "#" && at === levels.length - 1) || (level !== "#" && !/[+#]/.test(level)),
  );
}

/** Whether a subscription to `filter` receives what is published on `topic`. A leading wildcard does not match `$…`. */
export function matchesTopic(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [at, level] of wanted.entries()) {
    if (level === "#") return true;
    if (at >= levels.length || (level !== "+" && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}
