/** A Go module that has descriptions of objects, in the version that is read, and what `go mod download` says of it. */
export interface SchemaSource {
  module: string;
  version: string;
  sum: string;
  /** Files in it. */
  files: string[];
}

/** Kubernetes, by the version that charts are rendered for. */
export const kubernetes: Record<string, SchemaSource> = {
  '1.34.3': {
    module: 'k8s.io/kubernetes',
    version: 'v1.34.3',
    sum: 'h1:0TfljWbhEF5DBks+WFMSrvKfxBLo4vnZuqORjLMiyT4=',
    files: ['api/openapi-spec/swagger.json'],
  },
  '1.37.1': {
    module: 'k8s.io/kubernetes',
    version: 'v1.37.1',
    sum: 'h1:LTUzSbp9n0W7649oVKBYfC48zcoD3vCk++1PZQn28q8=',
    files: ['api/openapi-spec/swagger.json'],
  },
};

/** What the examples are rendered for. */
export const NEWEST = '1.37.1';

const OPERATOR = 'example/prometheus-operator-crd/monitoring.coreos.com';

/** Custom resource definitions. */
export const customResources: SchemaSource[] = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.92.1',
    sum: 'h1:rHWuFo6SVya4FBSCNg2DCzyc4xAv54zk3eDTzp5mQZc=',
    files: ['servicemonitors', 'podmonitors', 'prometheusrules'].map((kind) => `${OPERATOR}_${kind}.yaml`),
  },
  {
    module: 'github.com/grafana/alloy',
    version: 'v1.19.2',
    sum: 'h1:m/nuy8n6MW2kz/jFsX+GGXrnIor7XnDANWA9ATHqo5w=',
    files: ['operations/helm/charts/alloy/charts/crds/crds/monitoring.grafana.com_podlogs.yaml'],
  },
  {
    module: 'github.com/kedacore/keda/v2',
    version: 'v2.20.1',
    sum: 'h1:0Bb2zX/s+RSPtU2W+/Jk24A/aFl8MO79UuU0C4lA8ts=',
    files: ['config/crd/bases/keda.sh_scaledobjects.yaml'],
  },
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.5.1',
    sum: 'h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0=',
    files: ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  },
  {
    module: 'github.com/grafana/k6-operator',
    version: 'v1.3.2',
    sum: 'h1:j1Uf1qYi8HAR1gn/cAXXdzgGFZ/Def1elyuAk3pGNE8=',
    files: ['config/crd/bases/k6.io_testruns.yaml'],
  },
  {
    // Of the manifest in docs/kubernetes.md.
    module: 'github.com/argoproj/argo-cd/v3',
    version: 'v3.5.7',
    sum: 'h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=',
    files: ['manifests/crds/application-crd.yaml'],
  },
];
