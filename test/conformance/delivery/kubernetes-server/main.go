// One program that is either etcd or the API server of Kubernetes: enough of a cluster to judge a delivery by.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if os.Args[1] == "etcd" {
		etcdmain.Main(os.Args[1:])
		return
	}
	command := app.NewAPIServerCommand()
	command.SetArgs(os.Args[2:])
	os.Exit(cli.Run(command))
}
