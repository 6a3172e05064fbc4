export interface Tool {
  /** What they are called. */
  programs: string;
  /** Seconds that a first build took on two cores, with the download of its modules. */
  seconds: number;
  /** Of the programs together. */
  megabytes: number;
  /** Build tags. */
  tags?: string[];
  /** The variable that upstream's build sets to its version; without, the program says that it is of none. */
  versionVariable?: string;
}

/** What can be built, each from the Go module in the folder of its name. */
export const tools: Record<string, Tool> = {
  'alloy-check': { programs: 'alloy-check', seconds: 35, megabytes: 3 },
  'compose-check': { programs: 'compose-check', seconds: 30, megabytes: 5 },
  etcd: { programs: 'etcd', seconds: 35, megabytes: 25 },
  helm: { programs: 'helm', seconds: 210, megabytes: 67 },
  jaeger: { programs: 'jaeger', seconds: 450, megabytes: 85 },
  k6: { programs: 'k6', seconds: 210, megabytes: 46 },
  kubeconform: { programs: 'kubeconform', seconds: 15, megabytes: 10 },
  kubernetes: {
    programs: 'kube-apiserver',
    seconds: 330,
    megabytes: 119,
    versionVariable: 'k8s.io/component-base/version.gitVersion',
  },
  loki: { programs: 'loki, logcli', seconds: 620, megabytes: 287 },
  prometheus: {
    programs: 'prometheus, promtool',
    seconds: 380,
    megabytes: 132,
    // Of thirty service discoveries those that a cluster or a laptop needs: all of them are 200 packages more.
    tags: ['remove_all_sd', 'enable_dns_sd', 'enable_kubernetes_sd', 'enable_moby_sd'],
  },
};
