/** What a device asks of NetworkManager. */
const actions = [
  "network-control",
  "settings.modify.system",
  "wifi.share.protected",
  "wifi.share.open",
  "wifi.scan",
];

/** The rule that lets the service's user do with NetworkManager what a device does, and nothing else. */
export function formatPolkitRule(user: string): string {
  const ids = actions.map((action) => `    "org.freedesktop.NetworkManager.${action}",`).join("\n");
  return `// Written by softap device install.
polkit.addRule(function (action, subject) {
  var actions = [
${ids}
  ];
  if (subject.user === ${JSON.stringify(user)} && actions.indexOf(action.id) >= 0) return polkit.Result.YES;
  return polkit.Result.NOT_HANDLED;
});
`;
}
